package import Kubernetes

/// What a fake does instead of what it would.
package enum FakeReaction: Sendable {
  /// Nothing else: the next reaction is asked, the tracker in the end.
  case pass
  case fail(KubernetesFailure)
  /// The answer of `get`, `create`, `update` and `patch`; the tracker isn't asked.
  case answer(any KubernetesObject)
  /// The answer of `list`.
  case list([any KubernetesObject])
  /// The answer of `delete`.
  case done
}
