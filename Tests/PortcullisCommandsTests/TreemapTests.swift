import Testing

@testable import PortcullisCommands

@Suite struct TreemapTests {
    let frame = Treemap.Rectangle(x: 10, y: 20, width: 400, height: 300)

    @Test(arguments: [
        [6.0, 6, 4, 3, 2, 2, 1], [1], [100, 1, 1, 1], [0.5, 0.25, 0.125], [3, 3, 3, 3, 3],
        Array(repeating: 1.0, count: 200),
    ])
    func areasAreInTheRatioOfTheWeightsAndFillTheFrame(_ weights: [Double]) {
        let cells = Treemap(weights, in: frame).rectangles
        #expect(cells.count == weights.count)
        let scale = frame.width * frame.height / weights.reduce(0, +)
        for (cell, weight) in zip(cells, weights) {
            #expect(abs(cell.width * cell.height - weight * scale) < 1e-6 * scale)
            #expect(cell.x >= frame.x - 1e-6 && cell.y >= frame.y - 1e-6)
            #expect(cell.x + cell.width <= frame.x + frame.width + 1e-6)
            #expect(cell.y + cell.height <= frame.y + frame.height + 1e-6)
        }
        for (index, a) in cells.enumerated() {
            for b in cells[(index + 1)...] {
                let width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
                let height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
                #expect(width < 1e-6 || height < 1e-6)
            }
        }
    }

    @Test func rectanglesAreNearToSquares() {
        let cells = Treemap([6, 6, 4, 3, 2, 2, 1], in: frame).rectangles
        for cell in cells {
            #expect(max(cell.width, cell.height) / min(cell.width, cell.height) < 4)
        }
    }

    @Test func nothingIsShownOfNoWeightOrNoRoom() {
        #expect(Treemap([], in: frame).rectangles.isEmpty)
        #expect(Treemap([0, 0], in: frame).rectangles.allSatisfy { $0.width == 0 })
        let none = Treemap.Rectangle(x: 0, y: 0, width: 0, height: 5)
        #expect(Treemap([1, 2], in: none).rectangles.allSatisfy { $0.width == 0 })
        let mixed = Treemap([4, 0, 0], in: frame).rectangles
        #expect(mixed[0].width * mixed[0].height == frame.width * frame.height)
        #expect(mixed[1].width * mixed[1].height == 0)
    }
}
