// swift-tools-version: 6.2
import Foundation
import PackageDescription

// A package of somebody else that depends on this one, as a path or, with PORTCULLIS_URL and
// PORTCULLIS_VERSION, as a version of a repository, which forbids unsafe flags.
let environment = ProcessInfo.processInfo.environment
let portcullis: Package.Dependency =
    if let url = environment["PORTCULLIS_URL"], let version = environment["PORTCULLIS_VERSION"] {
        .package(url: url, exact: Version(stringLiteral: version))
    } else {
        .package(name: "portcullis", path: "../..")
    }

let package = Package(
    name: "dependent",
    dependencies: [portcullis],
    targets: [
        .executableTarget(
            name: "Dependent",
            dependencies: [
                .product(name: "PolicyRuntime", package: "portcullis"),
                .product(name: "PythonHost", package: "portcullis"),
            ])
    ]
)
