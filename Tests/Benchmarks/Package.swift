// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "portcullis", path: "../..")],
    targets: [
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "PolicyCompiler", package: "portcullis"),
                .product(name: "PolicyRuntime", package: "portcullis"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
