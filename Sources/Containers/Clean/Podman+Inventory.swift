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
    let volumes: [ListedVolume] = try await list(["volume", "ls", "--filter", filter])
    let images: [ListedImage] = try await list(
      ["images", "--all", "--no-trunc", "--filter", filter])
    let podIDs = Set(pods.map(\.Id))
    var items = pods.map { item(.pod, $0.Id, [$0.Name], $0.Labels) }
    // A pod's containers go with it.
    let single = containers.filter { !podIDs.contains($0.Pod ?? "") }
    items += try await made(single).map { item(.container, $0.Id, $0.Names ?? [], $0.Labels) }
    items += volumes.map { item(.volume, $0.Name, [$0.Name], $0.Labels) }
    // An image that others were made from can only go after them.
    items += images.sorted { $0.Created > $1.Created }
      .map { item(.image, $0.Id, $0.Names ?? [], $0.Labels) }
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

  /// Removes one thing, a pod with its containers. One that is gone by now is no failure.
  package func remove(_ item: EngineItem) async throws(EngineFailure) {
    do throws(EngineFailure) {
      switch item.kind {
      case .pod: _ = try await run(["pod", "rm", "--force", "--time", "0", item.id])
      case .container:
        _ = try await run(["rm", "--force", "--time", "0", "--volumes", item.id])
      case .volume: _ = try await run(["volume", "rm", item.id])
      case .image, .standIn:
        // By its names, if it has any: an id with several is refused, and force would take
        // containers along that use it.
        _ = try await run(["rmi"] + (item.names.isEmpty ? [item.id] : item.names))
      }
    } catch {
      guard case .failed(_, _, let lines) = error,
        ["no such pod", "no such container", "no such volume", "image not known", "not found"]
          .contains(where: { absence in lines.contains { $0.contains(absence) } })
      else { throw error }
    }
  }

  /// Removes what processes left behind that are gone. What lives, and stand-ins, stay.
  ///
  /// - Parameter images: whether images are removed too; they also are the cache of the next build.
  /// - Returns: what was removed, and a sentence for each thing that couldn't be.
  package func removeLeftovers(
    images: Bool = true
  ) async throws(EngineFailure) -> (removed: [EngineItem], problems: [String]) {
    var removed: [EngineItem] = []
    var problems: [String] = []
    for item in try await inventory() {
      guard let label = item.label, !label.owner.isAlive, images || item.kind != .image
      else { continue }
      do throws(EngineFailure) {
        try await remove(item)
        removed.append(item)
      } catch {
        problems.append("\(error)")
      }
    }
    return (removed, problems)
  }

  /// Those that were given the label themselves: a container that a user starts from an image of
  /// devbench's has inherited it.
  private func made(
    _ containers: [ListedContainer]
  ) async throws(EngineFailure) -> [ListedContainer] {
    let given = try await self.containers(ids: containers.map(\.Id)).filter { container in
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

  private func list<Row: Decodable>(
    _ arguments: [String]
  ) async throws(EngineFailure) -> [Row] {
    let arguments = arguments + ["--format", "json"]
    let text = try await run(arguments).stdout
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
