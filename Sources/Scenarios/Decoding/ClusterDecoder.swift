import FileSync

/// Decodes what is the same on all paths of a cluster workflow: engine, image and manifests.
struct ClusterDecoder {
  private let files: AppFiles?
  private let faults: FaultList
  private let values: Values

  /// `files` is nil if the app's directory is wrong itself.
  init(files: AppFiles?, faults: FaultList) {
    self.files = files
    self.faults = faults
    values = Values(faults: faults)
  }

  /// Nil if anything is wrong.
  func decode(_ fields: Fields) -> ClusterSpec? {
    let engine = engine(fields["cluster"])
    let image = image(
      fields.required("image", hint: "write the image's name in the manifests: image: {name: …}"))
    let manifests = manifests(
      fields.required("manifests", hint: "list the Kubernetes manifests, as in [k8s/*.yaml]"))
    guard let engine, let image, let manifests else { return nil }
    return ClusterSpec(engine: engine, image: image, manifests: manifests)
  }

  private func engine(_ node: YamlNode?) -> ClusterSpec.Engine? {
    guard let node else { return .podman }
    switch node.content {
    case .scalar("podman", _): return .podman
    case .scalar("kubernetes", _):
      faults.report(
        "the cluster \"kubernetes\" lacks its context; write { kubernetes: { context: NAME } }, "
          + "with a name that \"kubectl config get-contexts\" lists", at: node.position)
      return nil
    case .scalar(let word, _):
      let remedy =
        NearNames.nearest(to: word, among: ["podman", "kubernetes"]).map {
          "did you mean \(Wording.quote($0))?"
        } ?? "write podman, or { kubernetes: { context: … } }"
      faults.report("unknown cluster \(Wording.quote(word)); \(remedy)", at: node.position)
      return nil
    default: break
    }
    guard
      let fields = Fields(node, of: "\"cluster\"", keys: ScenarioKeys.platform, faults: faults),
      let inner = fields.required("kubernetes", hint: "write podman, or { kubernetes: … }"),
      let settings = Fields(
        inner, of: "\"kubernetes\"", keys: ScenarioKeys.kubernetes, faults: faults)
    else { return nil }
    let context = settings.required(
      "context", hint: "write a name that \"kubectl config get-contexts\" lists")
    guard let context = context.flatMap({ values.text($0, "context") }) else { return nil }
    guard !context.hasPrefix("-") else {
      faults.report(
        "\(Wording.quote(context)) can't be a context here: it would be taken for an option; rename "
          + "it with \"kubectl config rename-context\"", at: settings.position)
      return nil
    }
    var spec = KubernetesSpec(context: context)
    if let node = settings["namespace"] {
      guard let name = values.text(node, "namespace") else { return nil }
      // RFC 1123: what Kubernetes takes for a namespace's name.
      guard name.utf8.count <= 63, name.wholeMatch(of: /[a-z0-9](?:[a-z0-9-]*[a-z0-9])?/) != nil
      else {
        faults.report(
          "\(Wording.quote(name)) can't name a namespace; write small letters, digits and \"-\", at "
            + "most 63 characters", at: node.position)
        return nil
      }
      spec.namespace = name
    }
    return .kubernetes(spec)
  }

  private func image(_ node: YamlNode?) -> ImageSpec? {
    guard let node,
      let fields = Fields(node, of: "\"image\"", keys: ScenarioKeys.image, faults: faults)
    else { return nil }
    var load: ImageSpec.Load?
    if let node = fields["load"] {
      load = values.word(node, "load")
      if load == nil { return nil }
    }
    let name = name(fields.required("name", hint: "write the image's name in the manifests"))
    let contextNode = fields["context"]
    let context = contextNode == nil ? "." : values.text(contextNode, "context")
    let dockerfileNode = fields["dockerfile"]
    let dockerfile =
      dockerfileNode == nil ? "Dockerfile" : values.text(dockerfileNode, "dockerfile")
    let arguments =
      fields["args"].map { values.variables($0, "args", example: "BASE", placeholders: []) }
      ?? .some([:])
    guard let context, let dockerfile else { return nil }
    if let files {
      let directory = files.existingDirectory(
        context, at: contextNode?.position ?? fields.position, faults: faults)
      guard directory != nil else { return nil }
      if let problem = InnerPath.problem(dockerfile, in: "the build's context"), let dockerfileNode
      {
        faults.report(problem, at: dockerfileNode.position)
        return nil
      }
      let path = files.existing(
        context == "." ? dockerfile : context + "/" + dockerfile,
        at: dockerfileNode?.position ?? fields.position, faults: faults)
      guard path != nil else { return nil }
    }
    guard let name, let arguments else { return nil }
    return ImageSpec(
      name: name, context: context, dockerfile: dockerfile, arguments: arguments, load: load)
  }

  private func name(_ node: YamlNode?) -> String? {
    guard let node, let text = values.text(node, "name") else { return nil }
    let quoted = Wording.quote(text)
    if ImageName.isValid(text) { return text }
    if let name = ImageName.withoutTag(text) {
      faults.report(
        "\(quoted) has a tag or a digest; write \(name), devbench gives each build a tag of its own",
        at: node.position)
      return nil
    }
    faults.report(
      "\(quoted) isn't an image's name; write small letters and digits, with single \".\", \"_\" or "
        + "\"-\" between, as in shop/web", at: node.position)
    return nil
  }

  private func manifests(_ node: YamlNode?) -> [String]? {
    guard let node,
      let patterns = Patterns(faults: faults).list(
        node, "manifests", hint: "list files, or patterns such as k8s/*.yaml")
    else { return nil }
    if let files {
      do {
        let found = try ManifestFiles(in: files.directory).matching(
          patterns.map { ManifestPattern($0) })
        if found.isEmpty {
          let list = patterns.map { Wording.quote($0.description) }
          faults.report(
            "no file of the app's directory matches \(Wording.choice(list)); write the paths of its "
              + "Kubernetes manifests", at: node.position)
          return nil
        }
      } catch {
        guard case .unreadable(let path, let reason) = error else { return nil }
        faults.report(
          "\(Wording.quote("\(path)")) can't be read: \(reason); make it readable",
          at: node.position)
        return nil
      }
    }
    return patterns.map(\.description)
  }
}
