RIGHT = "right half"
