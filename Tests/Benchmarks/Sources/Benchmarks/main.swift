import PolicyCompiler
import PolicyModel
import PolicyRuntime

/// Everything that is asked in one round; each is restricted somewhere in the policy or next to it.
let paths = [
    "os.getcwd", "os.stat", "datetime.datetime.now", "datetime.date.today", "datetime.timedelta",
    "random.randint", "json.dumps", "pathlib.Path.read_text", "time.sleep", "uuid.uuid4",
    "subprocess.run", "asyncio.sleep", "collections.OrderedDict", "threading.Thread.start",
    "concurrent.futures.ThreadPoolExecutor", "re.compile",
]
let rounds = 41
let repeats = 20_000

func report(_ label: String, _ value: Double, _ unit: String) {
    let shown = value < 100 ? "\((value * 100).rounded() / 100)" : "\(Int(value.rounded()))"
    print(
        "  " + label + String(repeating: " ", count: max(1, 46 - label.count)) + shown + " " + unit)
}

func hotPath() throws {
    let image = try PolicyImage(
        copying: try PolicyCompiler().compile(SamplePolicies.defaultLike(), name: "default").image)
    let restrictions = try image.restrictions(for: (3, 11))
    let members = restrictions.members
    let buffers = paths.map { path -> UnsafeRawBufferPointer in
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: path.utf8.count, alignment: 1)
        bytes.copyBytes(from: path.utf8)
        return UnsafeRawBufferPointer(bytes)
    }
    let ids = paths.map { path -> UnsafeBufferPointer<SegmentID> in
        let segments = path.split(separator: ".").map { members.segmentID($0) }
        let ids = UnsafeMutableBufferPointer<SegmentID>.allocate(capacity: segments.count)
        _ = ids.initialize(from: segments)
        return UnsafeBufferPointer(ids)
    }
    let table = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($1, $0) })
    let hashed = WholePathTable(buffers)
    var run = Interleaved()
    let operations = paths.count * repeats
    run.add("decision by dotted path", operations: operations) {
        var sum = 0
        for _ in 0..<repeats {
            for path in buffers
            where members.decide(dottedPath: path, context: .runtimeUse) == .allow { sum &+= 1 }
        }
        return sum
    }
    run.add("decision by interned ids", operations: operations) {
        var sum = 0
        for _ in 0..<repeats {
            for path in ids where members.decide(ids: path, context: .runtimeUse) == .allow {
                sum &+= 1
            }
        }
        return sum
    }
    run.add("floor: one hash look-up of the whole path", operations: operations) {
        var sum = 0
        for _ in 0..<repeats { for path in buffers { sum &+= hashed.find(path) } }
        return sum
    }
    run.add("floor: one look-up in a Swift dictionary", operations: operations) {
        var sum = 0
        for _ in 0..<repeats { for path in paths { sum &+= table[path] ?? 0 } }
        return sum
    }
    run.add("passthrough check", operations: operations) {
        var sum = 0
        for _ in 0..<repeats {
            for path in buffers where restrictions.isPassthrough(path) { sum += 1 }
        }
        return sum
    }
    print("default-like policy (\(image.ruleCount) rules, \(image.byteCount) bytes)")
    let (results, sum) = run.run(rounds: rounds)
    for (name, value) in results { report(name, value, "ns") }
    if sum == 0 { print("  (nothing was decided)") }
    let bytes = image.withBytes { Array($0) }
    var load = Interleaved()
    load.add("copy and verify", operations: 100) {
        (0..<100).reduce(0) { sum, _ in sum + ((try? PolicyImage(copying: bytes))?.ruleCount ?? 0) }
    }
    let policy = SamplePolicies.defaultLike()
    load.add("compile and prove", operations: 1) {
        (try? PolicyCompiler().compile(policy, name: "x"))?.image.count ?? 0
    }
    for (name, value) in load.run(rounds: rounds).nanoseconds { report(name, value / 1000, "us") }
}

func large(_ count: Int, unique: Bool) throws {
    let policy = SamplePolicies.large(count, unique: unique)
    let (seconds, compiled) = try Interleaved.once {
        try PolicyCompiler().compile(policy, name: "l")
    }
    print("\(count) rules, \(unique ? "every name different" : "names shared between modules")")
    report("compile and prove", seconds, "s")
    let bytes = compiled.image
    let loads = try (0..<5).map { _ in try Interleaved.once { try PolicyImage(copying: bytes) }.0 }
    report("copy and verify", loads.sorted()[2] * 1000, "ms")
    report("image", Double(bytes.count) / Double(count), "bytes a rule")
    report("cells", Double(compiled.statistics.cells) / Double(count), "a rule")
    report("proven cases", Double(compiled.statistics.provenCases), "")
}

do {
    try hotPath()
    let largest = CommandLine.arguments.contains("--quick") ? 100_000 : 1_000_000
    for count in [100_000, largest].prefix(largest == 100_000 ? 1 : 2) {
        try large(count, unique: false)
        try large(count, unique: true)
    }
} catch {
    print("error: \(error)")
}
