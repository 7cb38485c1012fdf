/// One thing to measure: a closure that does so many operations and returns something made of
/// their results, so that none can be left out.
struct Measurement {
    let name: String
    let operations: Int
    let body: () -> Int
}

/// Runs measurements in turn, round after round, and keeps the median of each.
struct Interleaved {
    var measurements: [Measurement] = []
    private let clock = ContinuousClock()

    mutating func add(_ name: String, operations: Int, _ body: @escaping () -> Int) {
        measurements.append(Measurement(name: name, operations: operations, body: body))
    }

    /// The nanoseconds an operation takes, by name, and a sum that depends on all results.
    func run(rounds: Int) -> (nanoseconds: [(name: String, value: Double)], sum: Int) {
        var times = [[Double]](repeating: [], count: measurements.count)
        var sum = 0
        for _ in 0..<rounds {
            for (index, measurement) in measurements.enumerated() {
                let start = clock.now
                sum &+= measurement.body()
                let time = clock.now - start
                times[index].append(time.nanoseconds / Double(measurement.operations))
            }
        }
        let medians = zip(measurements, times).map { measurement, times in
            (name: measurement.name, value: times.sorted()[times.count / 2])
        }
        return (medians, sum)
    }

    /// The seconds that one run of `body` takes, and what it returns.
    static func once<Value>(_ body: () throws -> Value) rethrows -> (Double, Value) {
        let clock = ContinuousClock()
        let start = clock.now
        let value = try body()
        return ((clock.now - start).nanoseconds / 1e9, value)
    }
}

extension Duration {
    /// This duration in nanoseconds.
    var nanoseconds: Double {
        Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
    }
}
