import FileSync

/// What a cluster workflow, or one of its paths, says about copying, building and deploying.
struct ClusterSettings {
  private(set) var rules: [SyncRuleDecoder.Rule]?
  private(set) var then: FollowUp?
  private(set) var builder: ClusterSpec.Builder?
  private(set) var deploy: ClusterSpec.DeployStrategy?
  private(set) var container: String?
  /// Where the keys stand, right or wrong; nil if they aren't given.
  private(set) var syncPosition: Position?
  private(set) var thenPosition: Position?

  init() {}

  init(_ fields: Fields, faults: FaultList) {
    let values = Values(faults: faults)
    let decoder = SyncRuleDecoder(faults: faults)
    if let node = fields["sync"] {
      syncPosition = fields.keyPosition("sync")
      rules = decoder.rules(node)
    }
    thenPosition = fields.keyPosition("then")
    then = fields["then"].flatMap(decoder.followUp)
    builder = values.word(fields["builder"], "builder")
    deploy = values.word(fields["deploy"], "deploy")
    if let node = fields["container"], let name = values.text(node, "container") {
      // RFC 1123: what Kubernetes takes for a container's name.
      if name.utf8.count <= 63, name.wholeMatch(of: /[a-z0-9](?:[a-z0-9-]*[a-z0-9])?/) != nil {
        container = name
      } else {
        faults.report(
          "\(Wording.quote(name)) can't name a container; write its name in the manifest: small "
            + "letters, digits and \"-\", at most 63 characters", at: node.position)
      }
    }
  }

  /// A path's own rules replace the workflow's.
  ///
  /// The path's `then` goes for all rules; the workflow's for those that say nothing.
  func overlaid(by own: ClusterSettings) -> ClusterSettings {
    var settings = self
    if let position = own.syncPosition {
      settings.syncPosition = position
      settings.rules = own.rules
    }
    settings.rules = settings.rules?.map { rule in
      var rule = rule
      if let all = own.then {
        rule.spec.then = all
      } else if rule.thenPosition == nil, let common = then {
        rule.spec.then = common
      }
      return rule
    }
    settings.builder = own.builder ?? builder
    settings.deploy = own.deploy ?? deploy
    settings.container = own.container ?? container
    return settings
  }
}
