import Testing

/// A skaffold.yaml, and what becomes of it.
struct SkaffoldCase: Sendable, CustomTestStringConvertible {
  var name: String
  var yaml: String
  /// Besides those that every case has: a Dockerfile, main.py and k8s/app.yaml with the image `shop`.
  var files: [String: String] = [:]
  var artifact: String?
  /// As `Scenario.clusterFacts` puts them.
  var facts: [String]
  /// Each occurs in one of the notes, in this order, and there are no others.
  var lost: [String] = []
  /// Each occurs in what is unfinished; none if the scenario can run.
  var unfinished: [String] = []

  var testDescription: String { name }

  static let plain = ["image shop . Dockerfile", "manifests k8s/app.yaml"]

  static let all: [SkaffoldCase] = [
    SkaffoldCase(
      name: "v1alpha4, with the old mapping of sync",
      yaml: """
        apiVersion: skaffold/v1alpha4
        kind: Config
        build:
          artifacts:
          - image: shop
            context: .
            sync:
              '*.py': .
              'src/***/*.py': src
          local: {}
        deploy:
          kubectl:
            manifests:
            - k8s/app.yaml
        """,
      facts: plain + [
        "sync *.py -> /srv", "sync src/**/*.py -> /srv/src strip src",
        "paths sync-restart rebuild rebuild-plain",
      ]),
    SkaffoldCase(
      name: "v1alpha2, with the keys of its time",
      yaml: """
        apiVersion: skaffold/v1alpha2
        kind: Config
        build:
          artifacts:
          - imageName: shop
            workspace: .
            docker:
              dockerfilePath: Dockerfile
        deploy:
          kubectl:
            manifests:
            - paths:
              - k8s/app.yaml
        """,
      facts: plain + ["paths rebuild rebuild-plain"],
      lost: ["skaffold.yaml:5: the artifact has no sync"]),
    SkaffoldCase(
      name: "v1beta2, no manifests named: skaffold's default",
      yaml: """
        apiVersion: skaffold/v1beta2
        kind: Config
        build:
          artifacts:
          - image: shop
        deploy:
          kubectl: {}
        """,
      facts: ["image shop . Dockerfile", "manifests k8s/*.yaml", "paths rebuild rebuild-plain"],
      lost: ["skaffold.yaml:5: the artifact has no sync"]),
    SkaffoldCase(
      name: "v1beta10, manual sync with strip",
      yaml: """
        apiVersion: skaffold/v1beta10
        kind: Config
        build:
          artifacts:
          - image: shop
            sync:
              manual:
              - src: 'src/**/*.py'
                dest: lib
                strip: src/
              - src: 'main.py'
                dest: /srv
        deploy:
          kubectl:
            manifests: [k8s/*.yaml]
        """,
      facts: [
        "image shop . Dockerfile", "manifests k8s/*.yaml",
        "sync src/**/*.py -> /srv/lib strip src", "sync main.py -> /srv",
        "paths sync-restart rebuild rebuild-plain",
      ]),
    SkaffoldCase(
      name: "v1beta9, a mapping of sync that puts files of all directories into one",
      yaml: """
        apiVersion: skaffold/v1beta9
        kind: Config
        build:
          artifacts:
          - image: shop
            sync:
              'src/**/*.py': lib
              'pages/*/index.html': /www/
              'static/*.css': /www/css
        deploy:
          kubectl:
            manifests: [k8s/app.yaml]
        """,
      facts: plain + [
        "sync src/**/*.py -> /srv/lib strip src", "sync pages/*/index.html -> /www strip pages",
        "sync static/*.css -> /www/css strip static", "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "skaffold.yaml:7: sync: this version of skaffold puts all files into one directory",
        "skaffold.yaml:8: sync: this version",
      ]),
    SkaffoldCase(
      name: "v1beta15, built in the cluster, deployed by kustomize and kubectl",
      yaml: """
        apiVersion: skaffold/v1beta15
        kind: Config
        build:
          tagPolicy:
            envTemplate: {template: "{{.IMAGE_NAME}}:{{.GIT}}"}
          artifacts:
          - image: registry.example/team/shop
            kaniko: {dockerfile: Dockerfile}
            sync: {infer: ["src/**/*"]}
          cluster: {pullSecretName: key}
        deploy:
          kustomize: {path: overlays/dev}
          kubectl:
            manifests: ["k8s/*.yaml"]
            flags: {apply: [--validate=false]}
        portForward:
        - {resourceType: service, resourceName: shop, port: 80, localPort: 8000}
        profiles:
        - name: gcb
          activation: [{command: dev}]
          build: {googleCloudBuild: {projectId: p}}
        """,
      files: ["k8s/app.yaml": Project.pod("registry.example/team/shop")],
      facts: [
        "image registry.example/team/shop . Dockerfile", "manifests k8s/*.yaml",
        "sync src/**/* -> /srv/src strip src", "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "skaffold.yaml:8: builder kaniko", "skaffold.yaml:4: build.tagPolicy",
        "skaffold.yaml:10: build.cluster", "skaffold.yaml:12: deploy.kustomize",
        "skaffold.yaml:15: deploy.kubectl.flags", "skaffold.yaml:19: profile “gcb”",
      ]),
    SkaffoldCase(
      name: "v1, with a helm deployment",
      yaml: """
        apiVersion: skaffold/v1
        kind: Config
        build:
          artifacts:
          - image: shop
        deploy:
          helm:
            releases:
            - name: shop
              chartPath: charts/shop
        """,
      facts: [],
      lost: [
        "skaffold.yaml:5: the artifact has no sync",
        "skaffold.yaml:7: deploy.helm: charts aren't rendered",
      ], unfinished: ["no Kubernetes manifests were found"]),
    SkaffoldCase(
      name: "v2alpha4, inferred sync",
      yaml: """
        apiVersion: skaffold/v2alpha4
        kind: Config
        build:
          artifacts:
          - image: shop
            sync:
              infer:
              - '**/*.py'
        deploy:
          kubectl:
            manifests: [k8s/app.yaml]
        """,
      facts: plain + [
        "sync src/**/*.py -> /srv/src strip src", "sync main.py -> /srv",
        "paths sync-restart rebuild rebuild-plain",
      ]),
    SkaffoldCase(
      name: "v2beta5, auto sync as the COPYs say",
      yaml: """
        apiVersion: skaffold/v2beta5
        kind: Config
        build:
          artifacts:
          - image: shop
            sync:
              auto: true
        deploy:
          kubectl:
            manifests: [k8s/app.yaml]
        """,
      facts: plain + [
        "sync src/** -> /srv/src strip src", "sync main.py -> /srv",
        "paths sync-restart rebuild rebuild-plain",
      ]),
    SkaffoldCase(
      name: "v2beta8, profiles and a tag policy",
      yaml: """
        apiVersion: skaffold/v2beta8
        kind: Config
        build:
          tagPolicy:
            sha256: {}
          artifacts:
          - image: shop
            sync:
              manual:
              - {src: "*.py", dest: .}
        deploy:
          kubectl:
            manifests: [k8s/app.yaml]
        profiles:
        - name: prod
          build:
            googleCloudBuild: {projectId: p}
        - name: dev
          activation:
          - env: DEV=1
        """,
      facts: plain + ["sync *.py -> /srv", "paths sync-restart rebuild rebuild-plain"],
      lost: [
        "skaffold.yaml:4: build.tagPolicy",
        "skaffold.yaml:15: profile “prod” isn't applied: it changes build",
        "skaffold.yaml:18: profile “dev” isn't applied",
      ]),
    SkaffoldCase(
      name: "v2beta11, build arguments, plain and templated",
      yaml: """
        apiVersion: skaffold/v2beta11
        kind: Config
        build:
          artifacts:
          - image: shop:dev
            docker:
              dockerfile: Dockerfile
              target: runtime
              buildArgs:
                MODE: "a # b: c"
                VERSION: '{{.IMAGE_TAG}}'
            sync:
              manual: [{src: "*.py", dest: .}]
        deploy:
          kubectl:
            manifests: [k8s/app.yaml]
        """,
      facts: [
        "image shop . Dockerfile", "arg MODE=a # b: c", "manifests k8s/app.yaml",
        "sync *.py -> /srv",
        "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "skaffold.yaml:5: the image's tag or digest is left out",
        "skaffold.yaml:8: docker.target “runtime”: devbench builds the last stage",
        "skaffold.yaml:11: build argument “VERSION”",
      ]),
    SkaffoldCase(
      name: "v2beta16, two artifacts: the first, and what the manifests run besides",
      yaml: """
        apiVersion: skaffold/v2beta16
        kind: Config
        build:
          artifacts:
          - image: shop
            sync:
              manual: [{src: "*.py", dest: .}]
          - image: cart
            context: cart
        deploy:
          kubectl:
            manifests: [k8s/*.yaml]
        """,
      files: ["k8s/cart.yaml": Project.pod("cart"), "cart/Dockerfile": Project.dockerfile],
      facts: [
        "image shop . Dockerfile", "manifests k8s/*.yaml", "sync *.py -> /srv",
        "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "skaffold.yaml:8: artifact “cart” isn't built; choose it with --artifact cart",
        "k8s/cart.yaml: runs “cart” too",
      ]),
    SkaffoldCase(
      name: "v2beta29, the other artifact by name, in a directory of its own",
      yaml: """
        apiVersion: skaffold/v2beta29
        kind: Config
        build:
          artifacts:
          - image: shop
          - image: cart
            context: cart
            sync:
              manual: [{src: "**/*.{js,ts}", dest: .}]
        deploy:
          kubectl:
            manifests: [k8s/cart.yaml]
        """,
      files: [
        "k8s/cart.yaml": Project.pod("cart"), "cart/Dockerfile": Project.dockerfile,
        "cart/a.py": Project.main,
      ],
      artifact: "cart",
      facts: [
        "image cart cart Dockerfile", "manifests k8s/cart.yaml",
        "sync cart/**/*.js -> /srv strip cart",
        "sync cart/**/*.ts -> /srv strip cart", "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "skaffold.yaml:5: artifact “shop” isn't built"
      ]),
    SkaffoldCase(
      name: "v3alpha1, manifests below render",
      yaml: """
        apiVersion: skaffold/v3alpha1
        kind: Config
        build:
          artifacts:
          - image: shop
            sync: {manual: [{src: "*.py", dest: .}]}
        render:
          generate:
            rawK8s: [k8s/app.yaml]
        deploy:
          kubectl: {}
        """,
      facts: plain + ["sync *.py -> /srv", "paths sync-restart rebuild rebuild-plain"]),
    SkaffoldCase(
      name: "v3, raw manifests and kustomize",
      yaml: """
        apiVersion: skaffold/v3
        kind: Config
        build:
          artifacts:
          - image: shop
            sync: {manual: [{src: "*.py", dest: .}]}
        manifests:
          rawYaml: [k8s/app.yaml, "https://example.com/x.yaml"]
          kustomize:
            paths: [overlays/dev]
        deploy:
          kubectl: {}
        """,
      facts: plain + ["sync *.py -> /srv", "paths sync-restart rebuild rebuild-plain"],
      lost: [
        "skaffold.yaml:9: manifests.kustomize: kustomizations aren't rendered",
        "skaffold.yaml:8: manifest “https://example.com/x.yaml” isn't in this directory",
      ]),
    SkaffoldCase(
      name: "v4beta1, jib, with a Dockerfile that serves",
      yaml: """
        apiVersion: skaffold/v4beta1
        kind: Config
        build:
          artifacts:
          - image: shop
            jib:
              project: web
        manifests:
          rawYaml: [k8s]
        """,
      facts: ["image shop . Dockerfile", "manifests k8s/**", "paths rebuild rebuild-plain"],
      lost: [
        "skaffold.yaml:7: builder jib", "skaffold.yaml:5: the artifact has no sync",
      ]),
    SkaffoldCase(
      name: "v4beta2, a custom builder without a Dockerfile",
      yaml: """
        apiVersion: skaffold/v4beta2
        kind: Config
        build:
          artifacts:
          - image: cart
            context: cart
            custom:
              buildCommand: ./build.sh
        manifests:
          rawYaml: [k8s/cart.yaml]
        """,
      files: [
        "cart/build.sh": "", "cart/app.py": Project.main, "k8s/cart.yaml": Project.pod("cart"),
      ], facts: [],
      lost: ["skaffold.yaml:8: builder custom"], unfinished: ["there is no file “cart/Dockerfile”"]),
    SkaffoldCase(
      name: "v4beta6, hooks, port-forward and a context",
      yaml: """
        apiVersion: skaffold/v4beta6
        kind: Config
        metadata: {name: shop}
        build:
          artifacts:
          - image: shop
            hooks:
              before: [{command: [make]}]
            sync:
              manual: [{src: "*.py", dest: .}]
              hooks: {after: [{container: {command: [reload]}}]}
        manifests:
          rawYaml: [k8s/app.yaml]
          hooks: {before: []}
        deploy:
          kubeContext: minikube
          kubectl:
            hooks: {after: []}
        portForward:
        - {resourceType: service, resourceName: shop, port: 80, localPort: 9000}
        """,
      facts: plain + ["sync *.py -> /srv", "paths sync-restart rebuild rebuild-plain"],
      lost: [
        "skaffold.yaml:7: artifact.hooks", "skaffold.yaml:11: sync.hooks",
        "skaffold.yaml:14: manifests.hooks",
        "skaffold.yaml:16: deploy.kubeContext", "skaffold.yaml:18: deploy.kubectl.hooks",
      ]),
    SkaffoldCase(
      name: "v4beta11, several configurations in one file",
      yaml: """
        apiVersion: skaffold/v4beta11
        kind: Config
        metadata: {name: base}
        requires:
        - path: ./cart
        ---
        apiVersion: skaffold/v4beta11
        kind: Config
        metadata: {name: web}
        build:
          artifacts:
          - image: shop
            sync: {manual: [{src: "*.py", dest: .}]}
        manifests:
          rawYaml: [k8s/app.yaml]
        test:
        - image: shop
        """,
      facts: plain + ["sync *.py -> /srv", "paths sync-restart rebuild rebuild-plain"],
      lost: [
        "skaffold.yaml:1: the configuration “base” isn't carried over", "skaffold.yaml:16: test",
      ]),
    SkaffoldCase(
      name: "v4beta11, anchors and a merge key",
      yaml: """
        apiVersion: skaffold/v4beta11
        kind: Config
        build:
          artifacts:
          - &shop
            image: shop
            sync: {manual: [{src: "*.py", dest: .}]}
          - <<: *shop
            image: cart
        manifests:
          rawYaml: [k8s/app.yaml]
        """,
      facts: plain + ["sync *.py -> /srv", "paths sync-restart rebuild rebuild-plain"],
      lost: ["skaffold.yaml:8: artifact “cart” isn't built"]),
    SkaffoldCase(
      name: "v4beta13, port-forward tells the port that the manifest doesn't",
      yaml: """
        apiVersion: skaffold/v4beta13
        kind: Config
        build:
          artifacts:
          - image: cart
            sync: {manual: [{src: "*.py", dest: .}]}
        manifests:
          rawYaml: [k8s/cart.yaml]
        portForward:
        - {resourceType: pod, resourceName: app, port: 9999}
        """,
      files: ["k8s/cart.yaml": Project.pod("cart", port: nil)],
      facts: [
        "image cart . Dockerfile", "manifests k8s/cart.yaml", "sync *.py -> /srv",
        "paths sync-restart rebuild rebuild-plain", "port 9999",
      ]),
    SkaffoldCase(
      name: "v4beta13, a target relative to an unknown working directory",
      yaml: """
        apiVersion: skaffold/v4beta13
        kind: Config
        build:
          artifacts:
          - image: shop
            sync: {manual: [{src: "*.py", dest: .}, {src: "*.txt", dest: /data}]}
        manifests:
          rawYaml: [k8s/app.yaml]
        """,
      files: ["Dockerfile": "FROM base\nCOPY . .\n"],
      facts: plain + ["sync *.txt -> /data", "paths sync-restart rebuild rebuild-plain"],
      lost: ["skaffold.yaml:6: sync rule “*.py”: the target “.” is relative"]),
    SkaffoldCase(
      name: "v2beta29, artifacts that share keys by an anchor",
      yaml: """
        apiVersion: skaffold/v2beta29
        kind: Config
        .python: &python
          context: .
          sync:
            manual: [{src: "src/**/*.py", dest: .}]
        build:
          artifacts:
          - image: shop
            <<: *python
        deploy:
          kubectl: {manifests: [k8s/app.yaml]}
        """,
      facts: plain + ["sync src/**/*.py -> /srv", "paths sync-restart rebuild rebuild-plain"]),
  ]
}
