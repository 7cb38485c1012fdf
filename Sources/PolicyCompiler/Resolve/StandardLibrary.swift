package import PolicyModel

/// The names of the standard library's top-level modules, for each version that is supported.
package enum StandardLibrary {
    /// The names, without `sys`, which every interpreter has in any case and no sandbox reloads.
    package static func moduleNames(for version: PythonVersion) -> [String] {
        let bytes: [UInt8]
        switch (version.major, version.minor) {
        case (3, 10): bytes = PackageResources.stdlib_3_10_txt
        case (3, 11): bytes = PackageResources.stdlib_3_11_txt
        case (3, 12): bytes = PackageResources.stdlib_3_12_txt
        case (3, 13): bytes = PackageResources.stdlib_3_13_txt
        default: bytes = PackageResources.stdlib_3_14_txt
        }
        return bytes.split(separator: UInt8(ascii: "\n"))
            .filter { $0.first != UInt8(ascii: "#") }
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { $0 != "sys" }
    }
}
