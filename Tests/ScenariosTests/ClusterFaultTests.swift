import Testing

@testable import Scenarios

/// Faults of cluster workflows; some neighbours of a fault that are none.
struct ClusterFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      cluster: "the workflow itself is fine",
      "demo",
      "demo"),
    FaultCase(
      cluster: "the cluster is podman if nothing is said",
      "    cluster: podman\n",
      ""),
    FaultCase(
      cluster: "Kubernetes without a context",
      "cluster: podman",
      "cluster: kubernetes",
      "7:14: the cluster \"kubernetes\" lacks its context; write { kubernetes: { context: NAME } }, with a name that \"kubectl config get-contexts\" lists"
    ),
    FaultCase(
      cluster: "Kubernetes with a context and a namespace",
      "cluster: podman",
      "cluster: { kubernetes: { context: kind-dev, namespace: devbench } }"),
    FaultCase(
      cluster: "an empty Kubernetes",
      "cluster: podman",
      "cluster: { kubernetes: {} }",
      "7:28: \"kubernetes\" lacks the key \"context\"; write a name that \"kubectl config get-contexts\" lists"
    ),
    FaultCase(
      cluster: "a context that is an option",
      "cluster: podman",
      "cluster: { kubernetes: { context: --all } }",
      "7:28: \"--all\" can't be a context here: it would be taken for an option; rename it with \"kubectl config rename-context\""
    ),
    FaultCase(
      cluster: "an unusable namespace",
      "cluster: podman",
      "cluster: { kubernetes: { context: dev, namespace: My_Space } }",
      "7:55: \"My_Space\" can't name a namespace; write small letters, digits and \"-\", at most 63 characters"
    ),
    FaultCase(
      cluster: "a misspelt key of Kubernetes",
      "cluster: podman",
      "cluster: { kubernetes: { contxt: dev } }",
      "7:30: unknown key \"contxt\"; did you mean \"context\"?"),
    FaultCase(
      cluster: "an unknown way to load an image",
      "image: { name: shop/web }",
      "image: { name: shop/web, load: kindd }",
      "8:36: unknown load \"kindd\"; did you mean \"kind\"?"),
    FaultCase(
      cluster: "an unknown cluster",
      "cluster: podman",
      "cluster: podmann",
      "7:14: unknown cluster \"podmann\"; did you mean \"podman\"?"),
    FaultCase(
      cluster: "a cluster that is a list",
      "cluster: podman",
      "cluster: [podman]",
      "7:14: \"cluster\" must be a mapping, but is a list; write keys with values, such as kubernetes: …"
    ),
    FaultCase(
      cluster: "a missing image",
      "    image: { name: shop/web }\n",
      "",
      "7:5: the workflow \"local-cluster\" lacks the key \"image\"; write the image's name in the manifests: image: {name: …}"
    ),
    FaultCase(
      cluster: "an image that is text",
      "image: { name: shop/web }",
      "image: shop/web",
      "8:12: \"image\" must be a mapping, but is text; write keys with values, such as name: …"),
    FaultCase(
      cluster: "an image without name",
      "image: { name: shop/web }",
      "image: { context: . }",
      "8:12: \"image\" lacks the key \"name\"; write the image's name in the manifests"),
    FaultCase(
      cluster: "an unknown key of the image",
      "image: { name: shop/web }",
      "image: { name: web, contxt: . }",
      "8:25: unknown key \"contxt\"; did you mean \"context\"?"),
    FaultCase(
      cluster: "an image with a tag",
      "shop/web",
      "shop/web:1.0",
      "8:20: \"shop/web:1.0\" has a tag or a digest; write shop/web, devbench gives each build a tag of its own"
    ),
    FaultCase(
      cluster: "an image with a digest",
      "shop/web",
      "shop/web@sha256:00ff",
      "8:20: \"shop/web@sha256:00ff\" has a tag or a digest; write shop/web, devbench gives each build a tag of its own"
    ),
    FaultCase(
      cluster: "an image with a tag and a digest",
      "shop/web",
      "r.io:5000/web:1@sha256:00ff",
      "8:20: \"r.io:5000/web:1@sha256:00ff\" has a tag or a digest; write r.io:5000/web, devbench gives each build a tag of its own"
    ),
    FaultCase(
      cluster: "an image without a name behind its registry",
      "shop/web",
      "r.io:5000/",
      "8:20: \"r.io:5000/\" isn't an image's name; write small letters and digits, with single \".\", \"_\" or \"-\" between, as in shop/web"
    ),
    FaultCase(
      cluster: "an image of a registry with a port",
      "shop/web",
      "localhost:5000/shop/web_2.x--y"),
    FaultCase(
      cluster: "an image with capitals",
      "shop/web",
      "Shop",
      "8:20: \"Shop\" isn't an image's name; write small letters and digits, with single \".\", \"_\" or \"-\" between, as in shop/web"
    ),
    FaultCase(
      cluster: "an image whose name ends with a dot",
      "shop/web",
      "web.",
      "8:20: \"web.\" isn't an image's name; write small letters and digits, with single \".\", \"_\" or \"-\" between, as in shop/web"
    ),
    FaultCase(
      cluster: "a context that isn't there",
      "image: { name: shop/web }",
      "image: { name: web, context: docker }",
      "8:34: no directory \"docker\" in the app's directory; write the path of one that it has"),
    FaultCase(
      cluster: "a context that is a file",
      "image: { name: shop/web }",
      "image: { name: web, context: app.py }",
      "8:34: \"app.py\" isn't a directory; write the path of one"),
    FaultCase(
      cluster: "a context outside the app",
      "image: { name: shop/web }",
      "image: { name: web, context: .. }",
      "8:34: \"..\" leaves the app's directory; write a path without \"..\""),
    FaultCase(
      cluster: "a context without Dockerfile",
      "image: { name: shop/web }",
      "image: { name: web, context: k8s }",
      "8:12: no file \"k8s/Dockerfile\" in the app's directory; write the path of a file that it has"
    ),
    FaultCase(
      cluster: "a Dockerfile that isn't there",
      "image: { name: shop/web }",
      "image: { name: web, dockerfile: Dockerfile.dev }",
      "8:37: no file \"Dockerfile.dev\" in the app's directory; write the path of a file that it has"
    ),
    FaultCase(
      cluster: "a Dockerfile outside the context",
      "image: { name: shop/web }",
      "image: { name: web, context: k8s, dockerfile: ../Dockerfile }",
      "8:51: \"../Dockerfile\" leaves the build's context; write a path without \"..\""),
    FaultCase(
      cluster: "a Dockerfile behind a link that leads out",
      "image: { name: shop/web }",
      "image: { name: web, dockerfile: link.py }",
      "8:37: \"link.py\" leads through a symbolic link out of the app's directory, or nowhere; write the path of a file inside it"
    ),
    FaultCase(
      cluster: "build arguments that are a list",
      "image: { name: shop/web }",
      "image: { name: web, args: [A=1] }",
      "8:31: \"args\" must be a mapping, but is a list; write keys with values, such as BASE: …"),
    FaultCase(
      cluster: "a build argument without value",
      "image: { name: shop/web }",
      "image: { name: web, args: { BASE: } }",
      "8:39: \"BASE\" is empty; write text, or \"\" for none"),
    FaultCase(
      cluster: "missing manifests",
      "    manifests: [k8s/*.yaml]\n",
      "",
      "7:5: the workflow \"local-cluster\" lacks the key \"manifests\"; list the Kubernetes manifests, as in [k8s/*.yaml]"
    ),
    FaultCase(
      cluster: "manifests that are text",
      "[k8s/*.yaml]",
      "k8s/pod.yaml",
      "9:16: \"manifests\" must be a list, but is text; list files, or patterns such as k8s/*.yaml"),
    FaultCase(
      cluster: "manifests that match nothing",
      "[k8s/*.yaml]",
      "[deploy/*.yaml, \"*.yml\"]",
      "9:16: no file of the app's directory matches \"deploy/*.yaml\" or \"*.yml\"; write the paths of its Kubernetes manifests"
    ),
    FaultCase(
      cluster: "manifests that match a directory only",
      "[k8s/*.yaml]",
      "[k8s]",
      "9:16: no file of the app's directory matches \"k8s\"; write the paths of its Kubernetes manifests"
    ),
    FaultCase(
      cluster: "a manifest outside the app",
      "[k8s/*.yaml]",
      "[../pod.yaml]",
      "9:17: \"../pod.yaml\" leaves the app's directory; write a path without \"..\""),
    FaultCase(
      cluster: "an absolute manifest",
      "[k8s/*.yaml]",
      "[/etc/pod.yaml]",
      "9:17: \"/etc/pod.yaml\" is absolute; write a path relative to the app's directory"),
    FaultCase(
      cluster: "sync rules that are a mapping",
      "[{ from: \"*.py\", to: /app }]",
      "{ from: \"*.py\", to: /app }",
      "10:11: \"sync\" must be a list, but is a mapping; write at least one rule, such as { from: \"*.py\", to: /app }"
    ),
    FaultCase(
      cluster: "no sync rule",
      "[{ from: \"*.py\", to: /app }]",
      "[]",
      "10:11: \"sync\" is empty; write at least one rule, such as { from: \"*.py\", to: /app }"),
    FaultCase(
      cluster: "a sync rule that is text",
      "[{ from: \"*.py\", to: /app }]",
      "[\"*.py\"]",
      "10:12: a sync rule must be a mapping, but is text; write keys with values, such as from: …"),
    FaultCase(
      cluster: "an empty sync rule",
      "{ from: \"*.py\", to: /app }",
      "{}",
      "10:12: a sync rule lacks the key \"from\"; write a pattern of files, such as \"*.py\"",
      "10:12: a sync rule lacks the key \"to\"; write a directory of the container, such as /app"),
    FaultCase(
      cluster: "an unknown key of a sync rule",
      "to: /app }",
      "to: /app, dest: /x }",
      "10:38: unknown key \"dest\"; a sync rule can have from, to, strip, exclude or then"),
    FaultCase(
      cluster: "a set that isn't closed",
      "\"*.py\"",
      "\"[a.py\"",
      "10:20: the pattern \"[a.py\" opens a set with [ and doesn't close it; write \\[ for the sign"
    ),
    FaultCase(
      cluster: "a pattern that ends with an escape",
      "\"*.py\"",
      "\"a\\\\\"",
      "10:20: the pattern \"a\\\" ends with a \\ that escapes nothing; write \\\\ for the sign"),
    FaultCase(
      cluster: "a pattern of nothing",
      "\"*.py\"",
      "\".\"",
      "10:20: the pattern \".\" matches nothing; write one such as \"*.py\" or \"src/**\""),
    FaultCase(
      cluster: "a pattern that leaves the app",
      "\"*.py\"",
      "\"../*.py\"",
      "10:20: \"../*.py\" leaves the app's directory; write a path without \"..\""),
    FaultCase(
      cluster: "a relative target",
      "to: /app",
      "to: app",
      "10:32: \"app\" isn't absolute; write a directory of the container from the root on, such as /app (WORKDIR isn't put in front of it)"
    ),
    FaultCase(
      cluster: "a target with dots",
      "to: /app",
      "to: /app/../etc",
      "10:32: \"/app/../etc\" holds \"..\"; write the directory that it means"),
    FaultCase(
      cluster: "a strip that the pattern leads through",
      "{ from: \"*.py\", to: /app }",
      "{ from: \"src/**/*.py\", to: /app, strip: src/ }"),
    FaultCase(
      cluster: "a strip below which nothing can match",
      "to: /app }",
      "to: /app, strip: src }",
      "10:45: nothing that \"*.py\" matches lies below \"src\"; write a directory that the pattern leads through, or remove strip"
    ),
    FaultCase(
      cluster: "a strip of the app itself",
      "to: /app }",
      "to: /app, strip: ./ }",
      "10:45: \"./\" is the app's directory itself; remove strip"),
    FaultCase(
      cluster: "a strip that leaves the app",
      "to: /app }",
      "to: /app, strip: ../a }",
      "10:45: \"../a\" leaves the app's directory; write a path without \"..\""),
    FaultCase(
      cluster: "an exclusion that is text",
      "to: /app }",
      "to: /app, exclude: test.py }",
      "10:47: \"exclude\" must be a list, but is text; write a list of patterns, such as [\"*_test.py\"]"
    ),
    FaultCase(
      cluster: "an exclusion that is no pattern",
      "to: /app }",
      "to: /app, exclude: [\"[z\"] }",
      "10:48: the pattern \"[z\" opens a set with [ and doesn't close it; write \\[ for the sign"),
    FaultCase(
      cluster: "an unknown follow-up",
      "to: /app }",
      "to: /app, then: restrt }",
      "10:44: unknown then \"restrt\"; did you mean \"restart\"?"),
    FaultCase(
      cluster: "a follow-up unlike any",
      "to: /app }",
      "to: /app, then: kill }",
      "10:44: unknown then \"kill\"; write reload, restart or { run: [program, argument] }"),
    FaultCase(
      cluster: "a follow-up that is a list",
      "to: /app }",
      "to: /app, then: [make] }",
      "10:44: \"then\" must be a word or a mapping, but is a list; write reload, restart or { run: [program, argument] }"
    ),
    FaultCase(
      cluster: "a follow-up with another key",
      "to: /app }",
      "to: /app, then: { exec: [make] } }",
      "10:44: \"then\" lacks the key \"run\"; write reload, restart or { run: [program, argument] }",
      "10:46: unknown key \"exec\"; \"then\" can have run"),
    FaultCase(
      cluster: "a follow-up that is a line",
      "to: /app }",
      "to: /app, then: { run: make css } }",
      "10:51: \"run\" must be a list, but is text; write program and arguments as a list, as in [python3, app.py]"
    ),
    FaultCase(
      cluster: "a path that syncs without rules",
      "    sync: [{ from: \"*.py\", to: /app }]\n",
      "",
      "10:14: the path \"sync\" has no sync rules; write sync: [{ from: \"*.py\", to: /app }] on the workflow"
    ),
    FaultCase(
      cluster: "paths that only rebuild need no rules",
      "    sync: [{ from: \"*.py\", to: /app }]\n    paths: { sync: , rebuild: }\n",
      "    paths: [rebuild, rebuild-plain]\n"),
    FaultCase(
      cluster: "rules on a path that rebuilds",
      "rebuild: }",
      "rebuild: { sync: [{ from: \"*.py\", to: /app }] } }",
      "11:33: \"sync\" doesn't go with the path \"rebuild\", which copies no files into the container that runs; remove it"
    ),
    FaultCase(
      cluster: "a follow-up on a path that rebuilds",
      "rebuild: }",
      "rebuild-x: { then: restart } }",
      "11:35: \"then\" doesn't go with the path \"rebuild-x\", which copies no files into the container that runs; remove it"
    ),
    FaultCase(
      cluster: "a path and its own rule that both say what follows",
      "sync: ,",
      "sync: { then: reload, sync: [{ from: \"*.py\", to: /app, then: restart }] },",
      "11:69: the path \"sync\" says \"then\" for all its rules; keep that or the rule's own"),
    FaultCase(
      cluster: "an image on a path",
      "rebuild: }",
      "rebuild: { image: { name: web } } }",
      "11:33: \"image\" is the same on all paths; move it to the workflow \"local-cluster\""),
    FaultCase(
      cluster: "an unknown key on a path",
      "rebuild: }",
      "rebuild: { bilder: append } }",
      "11:33: unknown key \"bilder\"; did you mean \"builder\"?"),
    FaultCase(
      cluster: "an unknown builder",
      "rebuild: }",
      "rebuild: { builder: kaniko } }",
      "11:42: unknown builder \"kaniko\"; write append or dockerfile"),
    FaultCase(
      cluster: "an unknown way to deploy",
      "rebuild: }",
      "rebuild: { deploy: inplace } }",
      "11:41: unknown deploy \"inplace\"; did you mean \"in-place\"?"),
    FaultCase(
      cluster: "a container with other letters",
      "rebuild: }",
      "rebuild: { container: My_App } }",
      "11:44: \"My_App\" can't name a container; write its name in the manifest: small letters, digits and \"-\", at most 63 characters"
    ),
    FaultCase(
      cluster: "a container that is a number",
      "rebuild: }",
      "rebuild: { container: 1 } }",
      "11:44: \"container\" must be text, but is a number; write it in quotes"),
    FaultCase(
      cluster: "a port in a container's command",
      "rebuild: }",
      "rebuild: { command: [app, \"{{port}}\"] } }",
      "11:48: unknown placeholder \"{{port}}\"; \"command\" can have none, so remove it"),
    FaultCase(
      cluster: "a native path",
      "rebuild: }",
      "reload: }",
      "11:22: the workflow \"local-cluster\" has no path \"reload\"; write sync or rebuild"),
    FaultCase(
      cluster: "a variant without name",
      "rebuild: }",
      "rebuild-: }",
      "11:22: \"rebuild-\" doesn't name a variant of rebuild; write rebuild- and at most 32 letters, digits, \"-\", \"_\" and \".\""
    ),
    FaultCase(
      cluster: "a variant with other characters",
      "rebuild: }",
      "\"rebuild-a/b\": }",
      "11:22: \"rebuild-a/b\" doesn't name a variant of rebuild; write rebuild- and at most 32 letters, digits, \"-\", \"_\" and \".\""
    ),
    FaultCase(
      cluster: "a variant of a misspelt path",
      "rebuild: }",
      "rebuid-plain: }",
      "11:22: unknown path \"rebuid-plain\"; did you mean \"rebuild-plain\"?"),
    FaultCase(
      cluster: "a variant listed twice",
      "{ sync: , rebuild: }",
      "[sync, sync-a, sync-a]",
      "11:27: the path \"sync-a\" is listed twice; keep one of them"),
    FaultCase(
      cluster: "missing paths",
      "    paths: { sync: , rebuild: }\n",
      "",
      "7:5: the workflow \"local-cluster\" lacks the key \"paths\"; list what to measure: sync or rebuild"
    ),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    #expect(workspace.faults(of: fault.text) == fault.faults)
  }

  /// Natively there is nothing to build; each key is told so, on the workflow and on a path.
  @Test(arguments: [
    "cluster", "image", "manifests", "sync", "then", "builder", "deploy", "container",
  ])
  func aKeyOfClustersIsNoNativeOne(_ key: String) throws {
    let workspace = try Workspace()
    let remedy = "is for clusters: local-native has no image and no container; remove it"
    let onWorkflow = FaultCase("", "    env:", "    \(key): x\n    env:").text
    #expect(workspace.faults(of: onWorkflow) == ["13:5: \"\(key)\" \(remedy)"])
    let onPath = FaultCase("", "[reload, restart]", "{ reload: { \(key): x } }").text
    #expect(workspace.faults(of: onPath) == ["14:24: \"\(key)\" \(remedy)"])
  }

  @Test
  func withoutTheAppNothingIsLookedUpInIt() throws {
    let workspace = try Workspace()
    let text = FaultCase(cluster: "", "source: app", "source: ap").text
    #expect(workspace.faults(of: text).count == 1)
  }
}
