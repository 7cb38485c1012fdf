// The functions are named and documented in portcullis.h.
// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation

public import CPortcullis
import PolicyRuntime

/// What a phase and an operation ask: a matcher of the policy, in a context.
private struct Question {
    let matcher: UnsafePointer<Matcher>
    let context: MatchContext

    /// Nil if the policy is null or a number has no meaning.
    @inline(__always)
    init?(_ policy: OpaquePointer?, _ phase: Int32, _ operation: Int32) {
        guard let policy = opened(policy),
            phase == PORTCULLIS_IMPORTING || phase == PORTCULLIS_RUNTIME
        else { return nil }
        let isRuntime = phase == PORTCULLIS_RUNTIME
        switch Int(operation) {
        case PORTCULLIS_ACCESS, PORTCULLIS_USE:
            matcher = UnsafePointer(policy.pointee.matchers)
            context = MatchContext(runtime: isRuntime, use: operation == PORTCULLIS_USE)
        case PORTCULLIS_IMPORT:
            matcher = UnsafePointer(policy.pointee.matchers + 1)
            context = MatchContext(runtime: isRuntime, use: false)
        default:
            return nil
        }
    }
}

@c @implementation
public func portcullis_decide(
    _ policy: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ count: Int, _ phase: Int32,
    _ operation: Int32, _ rule: UnsafeMutablePointer<UInt32>?
) -> portcullis_decision {
    guard let question = Question(policy, phase, operation), let path = bytes(path, count) else {
        return answer(PORTCULLIS_INVALID, nil, rule)
    }
    return answer(
        question.matcher.pointee.decide(dottedPath: path, context: question.context), rule)
}

@c @implementation
public func portcullis_name_id(
    _ policy: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ count: Int
) -> UInt32 {
    guard let policy = opened(policy), let name = bytes(name, count) else { return 0 }
    return policy.pointee.matchers.pointee.segmentID(name).rawValue
}

@c @implementation
public func portcullis_root(_ policy: OpaquePointer?, _ operation: Int32) -> UInt32 {
    Question(policy, Int32(PORTCULLIS_RUNTIME), operation)?.matcher.pointee.root.rawValue ?? .max
}

@c @implementation
public func portcullis_step(
    _ policy: OpaquePointer?, _ state: UnsafeMutablePointer<UInt32>?, _ name: UInt32,
    _ phase: Int32, _ operation: Int32, _ rule: UnsafeMutablePointer<UInt32>?
) -> portcullis_decision {
    guard let question = Question(policy, phase, operation), let state else {
        return answer(PORTCULLIS_INVALID, nil, rule)
    }
    let taken = question.matcher.pointee.step(
        State(rawValue: state.pointee), SegmentID(rawValue: name), context: question.context)
    switch taken {
    case .matched(let number): return answer(PORTCULLIS_RESTRICTED, number, rule)
    case .stopped: return answer(PORTCULLIS_ALLOWED, nil, rule)
    case .next(let next):
        state.pointee = next.rawValue
        return answer(PORTCULLIS_UNDECIDED, nil, rule)
    }
}

@c @implementation
public func portcullis_decide_end(
    _ policy: OpaquePointer?, _ state: UInt32, _ phase: Int32, _ operation: Int32,
    _ rule: UnsafeMutablePointer<UInt32>?
) -> portcullis_decision {
    guard let question = Question(policy, phase, operation) else {
        return answer(PORTCULLIS_INVALID, nil, rule)
    }
    let state = State(rawValue: state)
    return answer(question.matcher.pointee.decide(atEndOf: state, context: question.context), rule)
}

@c @implementation
public func portcullis_is_passthrough(
    _ policy: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ count: Int
) -> Int32 {
    guard let restrictions = restrictions(policy), let name = bytes(name, count) else { return 0 }
    return restrictions.isPassthrough(name) ? 1 : 0
}

/// The bytes of a text; nil if there are some at null, or more than there can be.
private func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, start != nil || count == 0 else { return nil }
    return UnsafeRawBufferPointer(start: start, count: count)
}

@inline(__always)
private func answer(
    _ decision: Decision, _ place: UnsafeMutablePointer<UInt32>?
) -> portcullis_decision {
    switch decision {
    case .allow: answer(PORTCULLIS_ALLOWED, nil, place)
    case .restricted(let rule): answer(PORTCULLIS_RESTRICTED, rule, place)
    }
}

@inline(__always)
private func answer(
    _ decision: Int, _ rule: RuleID?, _ place: UnsafeMutablePointer<UInt32>?
) -> portcullis_decision {
    place?.pointee = rule?.rawValue ?? .max
    return portcullis_decision(decision)
}
