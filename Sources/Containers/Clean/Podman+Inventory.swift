import Processes

extension Podman {
  /// Everything in the engine that devbench made, in the order in which it can be removed.
  ///
  /// - Parameter standIns: base images made by devbench as well.
  package func inventory(standIns: Bool = false) async throws(EngineFailure) -> [EngineItem] {
    let filter = "label=\(ContainerLabel.key)"
    let pods: [ListedPod] = try await list(["pod", "ps", "--no-trunc", "--filter", filter])
    let containers: [ListedContainer] = try await list(
      ["ps", "--all", "--no-trunc", "--filter", filter])
    let volumes: [ListedVolume] = try await list(["volume", "ls"])
    let images: [ListedImage] = try await list(
      ["images", "--all", "--no-trunc", "--filter", filter])
    let podIDs = Set(pods.map(\.Id))
    var items = pods.map { item(.pod, $0.Id, [$0.Name], $0.Labels) }
    // A pod's containers go with it.
    let single = containers.filter { !podIDs.contains($0.Pod ?? "") }
    items += try await made(single).map { item(.container, $0.Id, $0.Names ?? [], $0.Labels) }
    let labelled = volumes.filter { $0.Labels?[ContainerLabel.key] != nil }
    let sessions = Self.sessions(
      labels: items.compactMap(\.label)
        + labelled.compactMap { ContainerLabel(of: $0.Labels ?? [:]) },
      images: images.flatMap { $0.Names ?? [] })
    if !sessions.isEmpty {
      items += try await secrets().compactMap { name in
        Self.session(named: name, among: sessions).map {
          EngineItem(kind: .secret, id: name, names: [name], label: $0)
        }
      }
    }
    items += volumes.compactMap { volume in
      if volume.Labels?[ContainerLabel.key] != nil {
        return item(.volume, volume.Name, [volume.Name], volume.Labels)
      }
      return Self.session(named: volume.Name, among: sessions).map {
        EngineItem(kind: .volume, id: volume.Name, names: [volume.Name], label: $0)
      }
    }
    // An image that others were made from can only go after them, and its name tells whose the secrets
    // and volumes without a label are.
    items += images.sorted { $0.Created > $1.Created }
      .compactMap { image in
        // What others made from an image of devbench's has inherited the label, and what they call one
        // of devbench's is theirs.
        let names = (image.Names ?? []).filter { $0.hasPrefix("localhost/devbench/") }
        if names.isEmpty, !(image.Names ?? []).isEmpty { return nil }
        let tags = (image.Names ?? []).compactMap { SessionTag(parsing: $0) }
        let tag = tags.first(where: \.owner.isAlive) ?? tags.first
        return EngineItem(
          kind: .image, id: image.Id, names: names,
          label: ContainerLabel(of: image.Labels ?? [:])
            ?? tag.map { ContainerLabel(session: $0.session, owner: $0.owner) })
      }
    if standIns {
      let bases: [ListedImage] = try await list(
        ["images", "--no-trunc", "--filter", "label=\(StandIn.label)"])
      let known = Set(items.map(\.id))
      // What was built on one has inherited its label.
      items += bases.filter { base in
        !known.contains(base.Id)
          && (base.Names ?? []).contains { $0.hasPrefix("localhost/devbench/base/") }
      }.map { item(.standIn, $0.Id, $0.Names ?? [], $0.Labels) }
    }
    var seen: Set<EngineItem> = []
    return items.filter { seen.insert($0).inserted }
  }

  /// Removes a pod with its containers, at once.
  private func end(pod: String) async throws(EngineFailure) {
    // Podman 4.3's “pod rm” gives what runs its own grace period whatever it is told; “pod stop” doesn't. Of a pod
    // that can't be stopped, the removal tells.
    _ = try? await run(["pod", "stop", "--time", "0", pod])
    _ = try await run(["pod", "rm", "--force", "--time", "0", pod])
  }

  /// Removes one thing, a pod with its containers. One that is gone by now is no failure.
  package func remove(_ item: EngineItem) async throws(EngineFailure) {
    do throws(EngineFailure) {
      switch item.kind {
      case .pod: try await end(pod: item.id)
      case .container:
        _ = try await run(["rm", "--force", "--time", "0", "--volumes", item.id])
      case .secret: _ = try await run(["secret", "rm", item.id])
      case .volume: _ = try await run(["volume", "rm", item.id])
      case .image, .standIn:
        // By its names, if it has any: an id with several is refused, and force would take
        // containers along that use it.
        _ = try await run(["rmi"] + (item.names.isEmpty ? [item.id] : item.names))
      }
    } catch {
      // A nameless image that something was made from, or that a container uses, isn't left over.
      if item.kind == .image, item.names.isEmpty, Self.isUse(error) { return }
      guard case .failed(_, _, let lines) = error,
        [
          "no such pod", "no such container", "no such secret", "no such volume", "image not known",
          "not found",
        ].contains(where: { absence in lines.contains { $0.contains(absence) } })
      else { throw error }
    }
  }

  /// Removes what processes left behind that are gone. What lives, stand-ins, and images that keep
  /// layers for the next build, stay.
  ///
  /// - Returns: what was removed, and a sentence for each thing that couldn't be.
  package func removeLeftovers()
    async throws(EngineFailure) -> (removed: [EngineItem], problems: [String])
  {
    var removed: [EngineItem] = []
    var problems: [String] = []
    for item in try await inventory() {
      var item = item
      if item.kind == .image, item.names.contains(where: { SessionTag(parsing: $0) != nil }) {
        // The image may be another session's as well, or the cache of the next build.
        let names = item.names.filter {
          SessionTag(parsing: $0).map { !$0.owner.isAlive } ?? false
        }
        guard !names.isEmpty else { continue }
        item = EngineItem(kind: .image, id: item.id, names: names, label: item.label)
      } else {
        guard let label = item.label, !label.owner.isAlive else { continue }
      }
      do throws(EngineFailure) {
        try await remove(item)
        removed.append(item)
      } catch {
        problems.append("\(error)")
      }
    }
    if removed.contains(where: { $0.kind == .image }) { try await removeUnusedImages() }
    return (removed, problems)
  }

  /// Removes everything a session made: pods, containers, volumes, secrets, and the names of its images.
  ///
  /// - Throws: the first failure; what could be removed besides is removed.
  package func removeSession(
    _ label: ContainerLabel, tag: SessionTag
  ) async throws(EngineFailure) {
    var first: EngineFailure?
    func attempt(_ body: () async throws(EngineFailure) -> Void) async {
      do throws(EngineFailure) { try await body() } catch { first = first ?? error }
    }
    let items = try await inventory()
    for item in items where item.kind != .image && item.label == label {
      await attempt { () async throws(EngineFailure) in try await remove(item) }
    }
    // Before the images' names, which tell whose these are.
    await attempt { () async throws(EngineFailure) in
      try await removeUnlabelled(of: label.session)
    }
    for item in items where item.kind == .image {
      let names = item.names.filter { SessionTag(parsing: $0) == tag }
      guard !names.isEmpty else { continue }
      let image = EngineItem(kind: .image, id: item.id, names: names, label: label)
      await attempt { () async throws(EngineFailure) in try await remove(image) }
    }
    await attempt { () async throws(EngineFailure) in try await removeUnusedImages() }
    if let first { throw first }
  }

  /// Removes the secrets and volumes that “kube play” made of a session's Secrets and ConfigMaps. They
  /// carry no labels, but names that end as the session's; claims' volumes, which have labels, stay.
  package func removeUnlabelled(of session: String) async throws(EngineFailure) {
    guard let end = session.split(separator: "-").last else { return }
    let secrets = try await secrets().filter { $0.hasSuffix("-\(end)") }
    if !secrets.isEmpty { _ = try await run(["secret", "rm"] + secrets) }
    let labelled = Set(try await volumes(filter: "label=\(ContainerLabel.key)"))
    let volumes = try await volumes().filter {
      $0.hasSuffix("-\(end)") && !labelled.contains($0)
    }
    if !volumes.isEmpty { _ = try await run(["volume", "rm"] + volumes) }
  }

  /// The sessions that things without a label may belong to, by what ends their names.
  ///
  /// - Parameters:
  ///   - labels: of pods and volumes.
  ///   - images: names of images: a session's has one as long as it lasts, whatever became of its pods.
  private static func sessions(
    labels: [ContainerLabel], images: [String]
  ) -> [Substring: ContainerLabel] {
    var sessions: [Substring: ContainerLabel] = [:]
    let tags = images.compactMap { SessionTag(parsing: $0) }
    for label in labels + tags.map({ ContainerLabel(session: $0.session, owner: $0.owner) }) {
      // A shorter one could end a name by chance.
      guard let end = label.session.split(separator: "-").last, end.count == 8,
        end.allSatisfy(\.isHexDigit), sessions[end] == nil
      else { continue }
      sessions[end] = label
    }
    return sessions
  }

  private static func session(
    named name: String, among sessions: [Substring: ContainerLabel]
  ) -> ContainerLabel? {
    guard let hyphen = name.lastIndex(of: "-") else { return nil }
    return sessions[name[name.index(after: hyphen)...]]
  }

  func secrets() async throws(EngineFailure) -> [String] {
    try await run(["secret", "ls", "--format", "{{.Name}}"]).stdout
      .split(whereSeparator: \.isNewline).map(String.init)
  }

  /// The names of the volumes that a filter of “podman volume ls” matches; nil for all.
  package func volumes(filter: String? = nil) async throws(EngineFailure) -> [String] {
    try await run(
      ["volume", "ls", "--quiet"] + (filter.map { ["--filter", $0] } ?? [])
    ).stdout.split(whereSeparator: \.isNewline).map(String.init)
  }

  /// Removes images of devbench's that have no name any more, that nothing was made from, and that no
  /// container uses.
  private func removeUnusedImages() async throws(EngineFailure) {
    // What is being built has no name until its end. Whoever builds clears away in its turn.
    guard let lock = await EngineLock.toClear() else { return }
    defer { withExtendedLifetime(lock) {} }
    let ids = try await listing([
      "images", "--quiet", "--no-trunc", "--filter", "dangling=true", "--filter",
      "label=\(ContainerLabel.key)",
    ]).split(whereSeparator: \.isNewline).map(String.init)
    for id in Set(ids) {
      do throws(EngineFailure) {
        _ = try await run(["rmi", id])
      } catch {
        // Another session's may have become a child or be in use meanwhile.
        guard Self.isUse(error) else { throw error }
      }
    }
  }

  /// Whether an image couldn't be removed because it is used, or is gone.
  private static func isUse(_ failure: EngineFailure) -> Bool {
    guard case .failed(_, _, let lines) = failure else { return false }
    return lines.contains { line in
      ["in use", "image used by", "image not known", "dependent child"].contains(
        where: line.contains)
    }
  }

  /// Those that were given the label themselves: a container that a user starts from an image of
  /// devbench's has inherited it.
  private func made(
    _ containers: [ListedContainer]
  ) async throws(EngineFailure) -> [ListedContainer] {
    // An image's label names no owner.
    let labelled = containers.filter { ContainerLabel(of: $0.Labels ?? [:]) != nil }
    let given = try await self.containers(ids: labelled.map(\.Id)).filter { container in
      container.createCommand.isEmpty
        || container.createCommand.contains { $0.contains("\(ContainerLabel.key)=") }
    }
    let ids = Set(given.map(\.id))
    return containers.filter { ids.contains($0.Id) }
  }

  private func item(
    _ kind: EngineItem.Kind, _ id: String, _ names: [String], _ labels: [String: String]?
  ) -> EngineItem {
    EngineItem(kind: kind, id: id, names: names, label: ContainerLabel(of: labels ?? [:]))
  }

  /// Podman lists nothing at all if one of the images is removed in the meantime, as sessions that end beside
  /// each other do; the next list doesn't have that one.
  func listing(_ arguments: [String]) async throws(EngineFailure) -> String {
    var left = 10
    while true {
      do throws(EngineFailure) {
        return try await run(arguments).stdout
      } catch {
        guard case .failed(_, _, let lines) = error, left > 0,
          lines.contains(where: { $0.contains("image not known") || $0.contains("locating image") })
        else { throw error }
        left -= 1
      }
    }
  }

  func list<Row: Decodable>(
    _ arguments: [String]
  ) async throws(EngineFailure) -> [Row] {
    let arguments = arguments + ["--format", "json"]
    let text = try await listing(arguments)
    // An empty list is “[]”, “null” or nothing, as the command likes.
    guard text.contains("{") else { return [] }
    return try decode(text, of: arguments)
  }
}

private struct ListedPod: Decodable {
  let Id: String
  let Name: String
  let Labels: [String: String]?
}

private struct ListedContainer: Decodable {
  let Id: String
  let Names: [String]?
  let Pod: String?
  let Labels: [String: String]?
}

private struct ListedVolume: Decodable {
  let Name: String
  let Labels: [String: String]?
}

private struct ListedImage: Decodable {
  let Id: String
  let Names: [String]?
  let Created: Int64
  let Labels: [String: String]?
}
