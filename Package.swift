// swift-tools-version: 6.2
import PackageDescription

/// What every target of the package is compiled with.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "portcullis",
    products: [
        .executable(name: "portcullis", targets: ["portcullis"]),
        .library(name: "PolicyCompiler", targets: ["PolicyModel", "PolicyXML", "PolicyCompiler"]),
        .library(name: "PolicyRuntime", targets: ["PolicyRuntime"]),
        .library(name: "PythonHost", targets: ["PythonHost"]),
        .library(name: "PortcullisGate", type: .dynamic, targets: ["PythonGate"]),
        .library(name: "PortcullisC", type: .dynamic, targets: ["PortcullisC"]),
        .library(name: "PortcullisCStatic", type: .static, targets: ["PortcullisC"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // Policies: from a file to an image.
        .target(name: "PolicyModel", swiftSettings: house),
        .target(name: "PolicyFormat", swiftSettings: house + [.strictMemorySafety()]),
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .target(
            name: "PolicyXML",
            dependencies: ["PolicyModel", "CLibXML2"],
            resources: [
                .embedInCode("Resources/sandbox-restrictions.xsd"),
                .embedInCode("Resources/policy-tests.xsd"),
                .embedInCode("Resources/temporal-1.35.xml"),
                .embedInCode("Resources/default.xml"),
                .embedInCode("Resources/strict.xml"),
            ],
            swiftSettings: house),
        .target(
            name: "PolicyCompiler",
            dependencies: ["PolicyModel", "PolicyFormat", "PolicyRuntime"],
            resources: [
                .embedInCode("Resources/stdlib-3.10.txt"),
                .embedInCode("Resources/stdlib-3.11.txt"),
                .embedInCode("Resources/stdlib-3.12.txt"),
                .embedInCode("Resources/stdlib-3.13.txt"),
                .embedInCode("Resources/stdlib-3.14.txt"),
            ],
            swiftSettings: house),
        .target(
            name: "PolicyAnalysis",
            dependencies: ["PolicyModel", "PolicyFormat", "PolicyRuntime"],
            resources: [.embedInCode("Resources/stdlib-members.txt")],
            swiftSettings: house),

        // The runtime: from an image to a decision.
        .target(
            name: "PolicyRuntime",
            dependencies: ["PolicyFormat"],
            swiftSettings: house + [.strictMemorySafety()]),

        // The runtime for C.
        .target(name: "CPortcullis"),
        .target(
            name: "PortcullisC",
            dependencies: ["PolicyRuntime", "CPortcullis"],
            swiftSettings: house),

        // CPython: the gate inside it, and the host that embeds it.
        .target(name: "CPythonABI"),
        .target(
            name: "PythonGate",
            dependencies: ["PolicyRuntime", "CPythonABI"],
            swiftSettings: house),
        .target(name: "PythonHost", dependencies: ["PolicyRuntime"], swiftSettings: house),

        // The command line.
        .target(
            name: "PortcullisCommands",
            dependencies: [
                "PolicyModel", "PolicyFormat", "PolicyXML", "PolicyCompiler", "PolicyAnalysis",
                "PolicyRuntime", "PythonHost",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "portcullis", dependencies: ["PortcullisCommands"], swiftSettings: house),

        .testTarget(name: "PolicyModelTests", dependencies: ["PolicyModel"], swiftSettings: house),
        .testTarget(
            name: "PolicyXMLTests", dependencies: ["PolicyXML", "PolicyModel"],
            exclude: ["Fixtures", "TestFixtures"], swiftSettings: house),
        .testTarget(
            name: "PolicyCompilerTests",
            dependencies: [
                "PolicyCompiler", "PolicyRuntime", "PolicyFormat", "PolicyModel", "PolicyXML",
            ],
            swiftSettings: house),
        .testTarget(
            name: "PolicyRuntimeTests",
            dependencies: ["PolicyRuntime", "PolicyFormat", "PolicyCompiler", "PolicyModel"],
            swiftSettings: house),
        .testTarget(
            name: "PolicyAnalysisTests",
            dependencies: ["PolicyAnalysis", "PolicyCompiler", "PolicyRuntime", "PolicyModel"],
            exclude: ["Snapshots"],
            swiftSettings: house),
        .testTarget(
            name: "PythonHostTests",
            dependencies: [
                "PythonHost", "PolicyRuntime", "PolicyCompiler", "PolicyModel", "PolicyXML",
            ],
            swiftSettings: house),
        .testTarget(
            name: "PortcullisCommandsTests",
            dependencies: ["PortcullisCommands", "PolicyAnalysis"], exclude: ["Fixtures"],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
