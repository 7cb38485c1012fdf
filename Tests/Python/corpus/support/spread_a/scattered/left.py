LEFT = "left half"
