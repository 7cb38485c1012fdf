/// Rectangles whose areas are in the ratio of given weights, as near to squares as can be had by
/// filling rows ("squarified" layout).
struct Treemap {
    struct Rectangle: Equatable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        /// The rectangle without a margin on each side; never of a negative size.
        func inset(left: Double, top: Double, right: Double, bottom: Double) -> Rectangle {
            Rectangle(
                x: x + left, y: y + top, width: max(0, width - left - right),
                height: max(0, height - top - bottom))
        }
    }

    /// A rectangle for each weight, in the order of the weights.
    let rectangles: [Rectangle]

    /// - Parameters:
    ///   - weights: not negative; the largest first gives the best layout.
    ///   - frame: what they fill.
    init(_ weights: [Double], in frame: Rectangle) {
        let sum = weights.reduce(0, +)
        guard sum > 0, frame.width > 0, frame.height > 0 else {
            let none = Rectangle(x: frame.x, y: frame.y, width: 0, height: 0)
            rectangles = Array(repeating: none, count: weights.count)
            return
        }
        let scale = frame.width * frame.height / sum
        var made: [Rectangle] = []
        var rest = frame
        var row: [Double] = []
        for weight in weights {
            let area = weight * scale
            let side = min(rest.width, rest.height)
            if !row.isEmpty, Self.worst(row, side) < Self.worst(row + [area], side) {
                made += Self.place(row, in: &rest)
                row = []
            }
            row.append(area)
        }
        made += Self.place(row, in: &rest)
        rectangles = made
    }

    /// The worst ratio of the sides of a row along a side.
    private static func worst(_ row: [Double], _ side: Double) -> Double {
        let sum = row.reduce(0, +)
        guard sum > 0, side > 0, let most = row.max(), let least = row.min(), least > 0 else {
            return .infinity
        }
        return max(side * side * most / (sum * sum), sum * sum / (side * side * least))
    }

    /// Places a row along the shorter side and takes it off the rest.
    private static func place(_ row: [Double], in rest: inout Rectangle) -> [Rectangle] {
        let sum = row.reduce(0, +)
        let isTall = rest.width >= rest.height
        let side = isTall ? rest.height : rest.width
        let depth = side > 0 ? sum / side : 0
        var position = isTall ? rest.y : rest.x
        var made: [Rectangle] = []
        for area in row {
            let length = depth > 0 ? area / depth : 0
            made.append(
                isTall
                    ? Rectangle(x: rest.x, y: position, width: depth, height: length)
                    : Rectangle(x: position, y: rest.y, width: length, height: depth))
            position += length
        }
        if isTall {
            rest = rest.inset(left: depth, top: 0, right: 0, bottom: 0)
        } else {
            rest = rest.inset(left: 0, top: depth, right: 0, bottom: 0)
        }
        return made
    }
}
