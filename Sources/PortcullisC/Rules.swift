// The functions are named and documented in portcullis.h.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CPortcullis
import PolicyRuntime

@c @implementation
public func portcullis_flags(_ policy: OpaquePointer?) -> UInt32 {
    guard let restrictions = restrictions(policy) else { return 0 }
    var flags = Int(restrictions.importNotificationPolicy)
    if restrictions.passesAllThrough { flags |= PORTCULLIS_PASSES_ALL_THROUGH }
    if restrictions.lazySysModulesPassthrough { flags |= PORTCULLIS_LAZY_SYS_MODULES }
    return UInt32(flags)
}

@c @implementation
public func portcullis_rule_count(_ policy: OpaquePointer?) -> UInt32 {
    restrictions(policy).map { UInt32($0.members.image.ruleCount) } ?? 0
}

/// The record of a rule; nil if there is no such rule.
private func record(_ policy: OpaquePointer?, _ rule: UInt32) -> RuleRecord? {
    guard rule < portcullis_rule_count(policy), let restrictions = restrictions(policy) else {
        return nil
    }
    return restrictions.rule(RuleID(rawValue: rule))
}

@c @implementation
public func portcullis_effect(_ policy: OpaquePointer?, _ rule: UInt32) -> portcullis_rule_effect {
    switch record(policy, rule)?.effect {
    case nil, .deny: portcullis_rule_effect(PORTCULLIS_DENY)
    case .warn: portcullis_rule_effect(PORTCULLIS_WARN)
    case .audit: portcullis_rule_effect(PORTCULLIS_AUDIT)
    }
}

@c @implementation
public func portcullis_arguments(_ policy: OpaquePointer?, _ rule: UInt32) -> Int32 {
    Int32(record(policy, rule)?.arguments ?? -1)
}

@c @implementation
public func portcullis_line(_ policy: OpaquePointer?, _ rule: UInt32) -> UInt32 {
    UInt32(record(policy, rule)?.line ?? 0)
}

@c @implementation
public func portcullis_column(_ policy: OpaquePointer?, _ rule: UInt32) -> UInt32 {
    UInt32(record(policy, rule)?.column ?? 0)
}

@c @implementation
public func portcullis_describe(
    _ policy: OpaquePointer?, _ rule: UInt32, _ text: portcullis_text,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int
) -> Int {
    let place = UnsafeMutableRawBufferPointer(
        start: buffer, count: buffer == nil ? 0 : max(0, capacity))
    return copy(record(policy, rule).flatMap { words(of: $0, text) } ?? "", into: place)
}

private func words(of rule: RuleRecord, _ text: portcullis_text) -> String? {
    switch Int(text) {
    case PORTCULLIS_ID: rule.id
    case PORTCULLIS_PATH: rule.path
    case PORTCULLIS_FILE: rule.file
    case PORTCULLIS_MESSAGE: rule.message
    case PORTCULLIS_INSTEAD: rule.instead
    case PORTCULLIS_BECAUSE: rule.because
    case PORTCULLIS_SEE: rule.see
    case PORTCULLIS_CATEGORY: rule.warningCategory
    default: nil
    }
}
