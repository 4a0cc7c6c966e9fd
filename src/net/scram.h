// The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677, RFC 5929 for the binding
// tls-server-end-point), as PostgreSQL speaks it (its documentation, "SASL Authentication").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garland::net {

/// What a password is checked with; raw bytes. Whoever has it can neither log in with it nor tell the password without
/// trying, but can pose as the server: it is kept as a secret.
struct ScramVerifier {
  int iterations = 0;
  std::string salt, stored_key, server_key;
  friend bool operator==(const ScramVerifier&, const ScramVerifier&) = default;
};

/// 4096 iterations and a salt of 16 random bytes. `password`: printable ASCII, which SASLprep leaves as it is.
ScramVerifier make_scram_verifier(std::string_view password);
ScramVerifier make_scram_verifier(std::string_view password, std::string salt, int iterations);
/// PostgreSQL's text: SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>, the three in base64.
std::string to_string(const ScramVerifier& verifier);
/// Nothing unless the text is of that form, with keys of 32 bytes.
std::optional<ScramVerifier> read_scram_verifier(std::string_view text);

/// One exchange, of one connection: first(), then final(). The user's name in the messages is ignored, as PostgreSQL
/// does: it is the one of the startup message that counts.
///
/// Errors end the exchange. 08P01: a message that is malformed or longer than kMaxScramMessageBytes, a mechanism that
/// was not offered, a wrong nonce, wrong channel binding data, a client that could bind but was told that the server
/// cannot ('y' although PLUS is offered), a call out of order. 0A000: an authorization identity or an extension that
/// must be understood. 28P01: everything is well-formed, but the proof is wrong. None repeats what the client sent.
class ScramServer {
 public:
  /// `verifier` none: there is no such user or it has no verifier; the exchange runs with a made-up one and fails at
  /// its end. `channel_binding`: the data of tls-server-end-point (ServerTls::end_point()); empty: PLUS is not offered.
  /// `server_nonce`: printable ASCII without commas; empty: a random one, as it has to be outside of tests.
  ScramServer(std::string user, std::optional<ScramVerifier> verifier, std::string channel_binding,
              std::string server_nonce = {});

  /// What AuthenticationSASL lists, the best first.
  std::vector<std::string> mechanisms() const;
  /// SASLInitialResponse → the text of AuthenticationSASLContinue.
  std::string first(std::string_view mechanism, std::string_view client_first);
  /// SASLResponse → the text of AuthenticationSASLFinal: the client is who it says.
  std::string final(std::string_view client_final);

 private:
  enum class Step { kFirst, kFinal, kOver };

  void begin(Step step, std::string_view message);
  void choose(std::string_view mechanism);
  void read_header(std::string_view header);
  void check_binding_flag(std::string_view flag) const;
  bool proves(std::string_view proof, std::string_view auth_message) const;

  std::string user_;
  ScramVerifier verifier_;
  bool known_;  // else the verifier is made up
  std::string channel_binding_;
  std::string nonce_;  // the server's part, then both
  Step step_ = Step::kFirst;
  bool plus_ = false;
  std::string header_, client_first_bare_, server_first_;
};

}  // namespace garland::net
