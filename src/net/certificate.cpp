#include "net/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "net/digest.h"
#include "net/openssl.h"

namespace garland::net {
namespace {

using Key = OpenSslOwned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = OpenSslOwned<X509, X509_free>;
using Memory = OpenSslOwned<BIO, BIO_free_all>;

void require(bool done) { require_openssl(done, "make a certificate"); }

std::vector<std::string> all_names(std::vector<std::string> names) {
  for (const char* own : {"localhost", "127.0.0.1", "::1"}) {
    if (std::ranges::find(names, own) == names.end()) names.emplace_back(own);
  }
  std::erase(names, "");
  return names;
}

void add_alternative(GENERAL_NAMES* names, const std::string& name) {
  GENERAL_NAME* entry = GENERAL_NAME_new();
  require(entry && sk_GENERAL_NAME_push(names, entry) > 0);
  if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str())) {
    GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
    return;
  }
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  require(text && ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1);
  GENERAL_NAME_set0_value(entry, GEN_DNS, text);
}

void add_alternatives(X509* certificate, const std::vector<std::string>& host_names) {
  const OpenSslOwned<GENERAL_NAMES, GENERAL_NAMES_free> names(GENERAL_NAMES_new());
  require(names != nullptr);
  for (const std::string& name : host_names) add_alternative(names.get(), name);
  require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1);
}

void add_extension(X509* certificate, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const OpenSslOwned<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_nconf_nid(nullptr, &context, id, value));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void set_serial(X509* certificate) {
  std::string bytes = random_bytes(16);
  bytes[0] = static_cast<char>((bytes[0] & 0x3F) | 0x40);  // positive, and not 0
  const OpenSslOwned<BIGNUM, BN_free> number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)));
}

void set_subject(X509* certificate, const std::string& name) {
  constexpr size_t kMost = 64;  // X.520's limit of a common name; the alternative names have none
  const std::string_view text = name.size() > kMost ? "localhost" : std::string_view(name);
  X509_NAME* subject = X509_get_subject_name(certificate);
  require(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()),
                                     -1, 0) == 1);
  require(X509_set_issuer_name(certificate, subject) == 1);
}

void set_times(X509* certificate, int days) {
  constexpr long kHour = 3600;
  require(X509_gmtime_adj(X509_getm_notBefore(certificate), -kHour) &&
          X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, nullptr));
}

template <class Write>
std::string pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory && write(memory.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<size_t>(size)};
}

}  // namespace

CertificateAndKey make_certificate(const std::vector<std::string>& host_names, int days) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  require(key && certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  const std::vector<std::string> names = all_names(host_names);
  set_serial(certificate.get());
  set_subject(certificate.get(), names.front());
  set_times(certificate.get(), days);
  require(X509_set_pubkey(certificate.get(), key.get()) == 1);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
  add_extension(certificate.get(), NID_subject_key_identifier, "hash");
  add_alternatives(certificate.get(), names);
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return {pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }), pem([&](BIO* out) {
            return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace garland::net
