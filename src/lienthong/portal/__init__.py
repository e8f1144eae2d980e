"""What citizens and the public see: catalogue, filing, tracking, figures. Translates only."""
