/// The machine and the programs that a run was measured on.
package struct Environment: Sendable, Hashable {
  package struct Tool: Sendable, Hashable {
    package var name: String
    package var version: String

    package init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  package var host: String
  /// The distribution's own name for itself, `PRETTY_NAME` of os-release(5).
  package var system: String
  /// Name and release as uname(2) gives them.
  package var kernel: String
  package var architecture: String
  package var processor: String
  /// Processors that this process may run on.
  package var cores: Int
  package var memoryBytes: Int64
  /// Load averages over 1, 5 and 15 minutes, before the run.
  package var loadBefore: [Double]
  /// The same after the run; nil while it runs.
  package var loadAfter: [Double]?
  package var tools: [Tool]
  /// The git commit of the app's source, `-dirty` appended if the tree had changes; nil without git.
  package var appCommit: String?
  /// The git branch of the app's source; nil without git, and for a commit that is on none.
  package var appBranch: String?

  package init(
    host: String, system: String, kernel: String, architecture: String, processor: String,
    cores: Int, memoryBytes: Int64, loadBefore: [Double], loadAfter: [Double]? = nil,
    tools: [Tool] = [], appCommit: String? = nil, appBranch: String? = nil
  ) {
    self.host = host
    self.system = system
    self.kernel = kernel
    self.architecture = architecture
    self.processor = processor
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.loadBefore = loadBefore
    self.loadAfter = loadAfter
    self.tools = tools
    self.appCommit = appCommit
    self.appBranch = appBranch
  }
}
