// Redshift's own login, AuthenticationRequest code 13: SHA-256 of the stored digest and two nonces. What the messages
// hold and how they are hashed is as Redshift's drivers do it (redshift_connector, the JDBC driver); none of it is
// documented.
//
// The stored digest is enough to log in by this: it is offered over TLS or loopback only.
#pragma once

#include <string>
#include <string_view>

namespace garland::net {

/// The parts of CREATE USER's 'sha256|digest|salt' (guide page r_CREATE_USER), in hexadecimal digits of either case:
/// digest = SHA-256(password ‖ the salt's bytes).
struct DigestVerifier {
  std::string digest, salt;
};

/// With a new salt of 32 bytes.
DigestVerifier make_digest_verifier(std::string_view password);
/// For a user who does not exist or has no digest: the salt stays the same for the name while this process runs, and
/// no answer is right.
DigestVerifier made_up_digest_verifier(std::string_view user);

/// What follows the int32 13: int32 algorithm (0: SHA-256), int32 length and the salt's bytes, int32 length and the
/// nonce. Throws XX001 when the verifier is not hexadecimal.
std::string digest_request(const DigestVerifier& verifier, std::string_view server_nonce);

/// Is the answer right? `payload`: what message `d` holds behind its length: int32 length and the digest, int32 length
/// and the client's nonce. Throws 08P01 when it is not of that form or its nonce is longer than kMaxDigestNonceBytes.
bool digest_answers(const DigestVerifier& verifier, std::string_view server_nonce, std::string_view payload);

}  // namespace garland::net
