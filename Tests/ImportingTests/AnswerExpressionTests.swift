import Testing

@testable import Importing

struct AnswerExpressionTests {
  @Test(
    "only a literal that is shown as it stands counts",
    arguments: [
      (#""Hello you""#, "Hello you"),
      (#"'Hello ' + name + ', welcome')"#, ", welcome"),
      (#""Hello you", 200, {"X-Custom": "abcdefghijkl"}"#, "Hello you"),
      (#""Hello {}".format("everybody here")"#, "Hello {}"),
      (#""Hello %s" % name"#, "Hello %s"),
      (#"Response("Hello you", mimetype="text/plain")"#, "Hello you"),
      (#"jsonify(status="fine", message="Hello you")"#, "Hello you"),
      (#"{"message": "Hello you", "at": now()}"#, "Hello you"),
      (#"JSON.stringify({ message: "Hello you" }))"#, "Hello you"),
      (#"{ same: x === "something else", message: "Hi all" })"#, "Hi all"),
      (#"[]byte("Hello you"))"#, "Hello you"),
      (#""It\'s \"me\"""#, #"It\'s \"me\""#),
      (#"compute()) // "Hello you""#, nil),
      (#"compute()  # "Hello you""#, nil),
      (#"redirect("/login")"#, nil),
      (#"open("welcome.txt").read()"#, nil),
      (#"send_file("index.html")"#, nil),
      (#"config["some key"]"#, nil),
      (#"{ url: process.env["API_URL"] })"#, nil),
      (#""Hello you" if friend else "Goodbye""#, nil),
      (#"friend ? "Hello you" : "Goodbye")"#, nil),
      (#"name || "nobody here")"#, nil),
      (#""one,two".split(",")"#, nil),
      (#"f"Hello {you}""#, nil),
      (#"`Hello ${you}`)"#, nil),
      (#""text/html; charset=utf-8")"#, nil),
      (#""unclosed"#, nil),
      ("", nil),
    ] as [(String, String?)])
  func shown(expression: String, text: String?) {
    #expect(AnswerExpression(expression[...]).text == text)
  }

  @Test(
    "a status may stand before the text",
    arguments: [
      (#"200, "Hello %s", "somebody else")"#, "Hello %s"),
      (#"http.StatusOK, gin.H{"status": "fine", "message": "Hello you"})"#, "Hello you"),
      (#" strings.Join(words, ", and ", ))"#, nil),
    ] as [(String, String?)])
  func behindStatus(expression: String, text: String?) {
    #expect(AnswerExpression(expression[...], skipsArguments: true).text == text)
  }
}
