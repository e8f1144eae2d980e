"""Every command of ``./lienthong``, one Vietnamese line each.

Plain Python and nothing imported: ``--help`` works before anything is installed.
"""

COMMANDS: dict[str, dict[str, str]] = {
    "Hằng ngày": {
        "up": "cài đặt nếu cần, khởi động mọi thứ và in địa chỉ; Ctrl-C để dừng",
        "doctor": "kiểm tra máy, cơ sở dữ liệu, tệp và số liệu; chỉ ra chỗ sai",
        "backup": "sao lưu cơ sở dữ liệu và tệp vào một tệp .tar đã kiểm chứng",
        "restore": "khôi phục từ tệp .tar; lỗi giữa chừng thì dữ liệu cũ còn nguyên",
    },
    "Nghiệp vụ": {
        "deadline": "tính hạn giải quyết và giải thích từng bước",
        "verify": "đối chiếu một danh sách với dữ liệu dân cư, hai tệp, không cần cơ sở dữ liệu",
        "poverty": "bảng điểm và phiếu khảo sát hộ nghèo: points-template, load-points, approve-points, form-xlsx, publish-form",
        "classify": "phân loại hộ nghèo, cận nghèo từ tệp CSV, kèm điểm, thiếu hụt và lý do; không cần cơ sở dữ liệu",
        "assess": "xét trợ cấp của một người từ tệp YAML hoặc JSON, cả trợ giúp khẩn cấp, mai táng: mức, căn cứ, lý do, thông tin còn thiếu",
        "benefits": "trợ cấp của từng người: show, propose VIỆC, proposals, decide (người khác duyệt); law --from MM/YYYY áp dụng mức mới; take-over FILE tiếp nhận danh sách đang hưởng",
        "payroll": "đợt chi trả của một tháng: runs, prepare, check, approve, release, close, compare, disagreeing, cancel, bốn việc do bốn người; tệp ra và vào: export, import, results, tick, reverse, strange, template; nơi nhận tiền, tài khoản chi, dự toán, phản ánh, khoản chi thừa: account, paying, budget, complaint, overpayment",
        "entitled": "rà soát mọi người: ai đủ điều kiện mà chưa hưởng, ai đang hưởng mà không còn đủ; kèm lý do từng câu; --draft SỐ lập hồ sơ nháp",
        "what_if": "giả định đổi mức chuẩn, hệ số, độ tuổi từ tệp YAML: tốn thêm bao nhiêu, ai thêm, ai bớt; --save, --scenario lưu và xem lại",
        "simulate": "ngân hàng mô phỏng: bank --folder DIR đọc lệnh chi trong thư mục và trả lời, có lỗi theo ý muốn",
        "demo": "nạp dữ liệu minh họa: --scale small hoặc large",
        "load_base_data": "nạp địa bàn, cơ quan, lịch làm việc và danh mục thủ tục",
        "units": "nạp ranh giới xã, phường từ GeoJSON: load-boundaries FILE",
    },
    "Người phát triển": {
        "test": "kiểm tra mã nguồn rồi chạy các bài kiểm thử; --all gồm cả bài chậm",
        "bench": "đo tốc độ cạnh một mốc so sánh: moves, inbox, deadlines, people, verification, poverty, entitlements, payroll",
        "messages": "gom mọi câu của giao diện vào locale/ để dịch sang tiếng Anh",
        "migrate": "đưa các bảng dữ liệu lên bản này; up tự làm khi khởi động",
        "psql": "mở dòng lệnh SQL trên cơ sở dữ liệu",
    },
}


def lines() -> dict[str, str]:
    """Return the line of every command."""
    return {name: line for group in COMMANDS.values() for name, line in group.items()}


def describe() -> str:
    """Return the text of ``./lienthong --help``."""
    width = max(map(len, lines()))
    text = ["Liên Thông: một cửa liên thông của một tỉnh.", "", "Cách dùng: ./lienthong LỆNH [tùy chọn]", ""]
    for title, group in COMMANDS.items():
        text.append(f"{title}:")
        text += [f"  {name:<{width}}  {line}" for name, line in group.items()]
        text.append("")
    text += [
        "Tùy chọn của mọi lệnh:",
        "  --data-dir THƯ_MỤC    nơi giữ dữ liệu (mặc định: var; khi chạy bằng root: /var/lib/lienthong)",
        "  --database-url URL    dùng máy chủ PostgreSQL này thay cho máy chủ đi kèm",
        "",
        "Bắt đầu: ./lienthong up        Tùy chọn của một lệnh: ./lienthong LỆNH --help",
        "Các lệnh của Django (migrate, shell, …) cũng dùng được. Tài liệu: docs/operations/",
    ]
    return "\n".join(text)
