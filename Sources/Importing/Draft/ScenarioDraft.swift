import FileSync

/// What was found out about a project, before it is written down as a scenario.
///
/// All paths are relative to the project's directory, which becomes the app's.
struct ScenarioDraft {
  struct Edit {
    var file: String
    /// Counts from 1.
    var line: Int
    var find: String
    var replacement: String
    /// The URL's path whose response shows the text.
    var path: String
    /// Why the response shows it, for a comment.
    var reason: String
  }

  /// How the app is started on this machine.
  struct Native {
    struct Path {
      /// `reload` or `restart`.
      var name: String
      var command: [String]
      var environment: [(name: String, value: String)] = []
      var markers: [(name: String, text: String)] = []
      var comment: String?
    }

    var paths: [Path]
    /// What tells where the commands are from, for a comment.
    var source: String
    /// An app that can't be told its port has it here.
    var fixedPort: Int?
    /// What a person has to complete, for a comment.
    var missing: String?
    /// Whether a reloader follows a file that is written in place only.
    var wantsWritingInPlace = false
  }

  /// How the app is built and deployed.
  struct Cluster {
    struct Rule {
      var from: String
      var to: String
      var strip = ""
      var exclude: [String] = []
      var then: FollowUp = .reload
      /// Where the rule is from.
      var comment: String?
    }

    var image: String
    var context = "."
    /// Relative to the context.
    var dockerfile = "Dockerfile"
    var arguments: [(name: String, value: String)] = []
    var manifests: [String] = []
    var rules: [Rule] = []
    /// A manifest to begin with, where the project has none.
    var manifestTemplate: [String] = []
    /// The app's command in the container, and how it reloads.
    var launch = Launch()
    /// Lines about the cluster, for comments.
    var comments: [String] = []
  }

  struct Launch {
    /// Whether the app's own reloader notices changed files; nil if it can't be told.
    var hasReloader: Bool?
    /// The same command without its reloader; nil if it has none, or none that can be left out.
    var withoutReloader: [String]?
    var environmentWithoutReloader: [(name: String, value: String)] = []
    var markers: [(name: String, text: String)] = []
    /// Whether the reloader follows a file that is written in place only.
    var wantsWritingInPlace = false
  }

  var name: String
  var edit: Edit?
  /// Lines that a person could choose the edit from.
  var candidates: [String] = []
  var native: Native?
  var cluster: Cluster?
  var port: Int?
  /// The language decides how long to pause between saves.
  var isPython = false
  /// Facts that were found, for standard output.
  var found: [String] = []
  var notCarriedOver: [ImportNote] = []
  /// What a person has to complete before the scenario can run.
  var unfinished: [ImportNote] = []
  /// Whether a line has to keep an unfinished scenario from being run, as nothing else in it does.
  var isRefused = false
}
