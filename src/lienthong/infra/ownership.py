"""Whose the files in a folder are, where root works beside the account that runs the pages. Elsewhere nothing happens."""

import os
from pathlib import Path


def hand_over(folder: Path, *, uid: int, gid: int) -> None:
    """Give a folder and everything in it to an account, the folder itself last, so that half of it is never taken for all.

    A link is given away itself, never what it leads to.
    """
    for _, folders, files, here in os.fwalk(folder.resolve(), topdown=False):
        for name in (*folders, *files):
            os.chown(name, uid, gid, dir_fd=here, follow_symlinks=False)
    os.chown(folder, uid, gid)


def give_to_its_owner(folder: Path) -> None:
    """Give everything in a folder to whom the folder belongs, after root has put much into it."""
    if os.geteuid() == 0 and folder.exists() and folder.stat().st_uid != 0:
        hand_over(folder, uid=folder.stat().st_uid, gid=folder.stat().st_gid)


def give_like(folder: Path, other: Path) -> None:
    """Give everything in a folder to whom another folder belongs, before it takes the other's place."""
    if os.geteuid() == 0 and (owner := other.stat()).st_uid != 0:
        hand_over(folder, uid=owner.st_uid, gid=owner.st_gid)


def follow_owner(path: Path, *, folder: Path) -> None:
    """Give one thing that root has put into a folder, and the folders between, to whom that folder belongs."""
    if os.geteuid() != 0 or (owner := folder.stat()).st_uid == 0:
        return
    if path.resolve() != folder.resolve() / path.relative_to(folder):
        return  # a link on the way leads out of the folder
    for part in (path, *path.parents):
        if part == folder:
            return
        os.chown(part, owner.st_uid, owner.st_gid, follow_symlinks=False)
