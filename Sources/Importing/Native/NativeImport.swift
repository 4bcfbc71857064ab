/// What a project says about starting the app on this machine.
struct NativeImport {
  var native: ScenarioDraft.Native
  var found: [String] = []
  var notes: [ImportNote] = []
  var unfinished: [ImportNote] = []
  var isPython = false
}
