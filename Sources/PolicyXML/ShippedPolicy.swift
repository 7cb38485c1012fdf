/// The policies and the schema that come with the package.
public enum ShippedPolicy {
    /// The file names of the shipped policies; the first is used when none is named.
    public static let names = ["default.xml", "strict.xml", "temporal-1.35.xml"]

    /// The bytes of a shipped policy.
    ///
    /// - Parameter name: its file name, for example `default.xml`, or that without `.xml`.
    /// - Returns: nil if there is no policy of that name.
    public static func source(named name: String) -> [UInt8]? {
        switch fileName(for: name) {
        case "default.xml": PackageResources.default_xml
        case "strict.xml": PackageResources.strict_xml
        case "temporal-1.35.xml": PackageResources.temporal_1_35_xml
        default: nil
        }
    }

    /// The bytes of the XML schema of the policy language.
    public static var schema: [UInt8] { PackageResources.sandbox_restrictions_xsd }

    /// The file name that a policy's author means, if it is one of `names`.
    static func fileName(for name: String) -> String? {
        names.first { $0 == name || $0 == name + ".xml" }
    }
}
