"""RFC 3161: what is asked of a time-stamping authority, and whether its answer is about these bytes."""

import hashlib

from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response


class NotAToken(ValueError):
    """An answer that is no token for these bytes."""


def request_for(data: bytes) -> bytes:
    """The request for a token over the SHA-256 of `data`, with a nonce, its certificate asked for."""
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256)
    return builder.cert_request(cert_request=True).build().as_bytes()


def checked(response: bytes, data: bytes) -> bytes:
    """The response, when it grants a token over `data`. Raises NotAToken.

    The authority's signature is checked by whoever trusts it: `openssl ts -verify` with its certificate.
    """
    try:
        answer = decode_timestamp_response(response)
        said = answer.tst_info.message_imprint.message
    except ValueError as error:
        raise NotAToken("the authority's answer cannot be read") from error
    granted = answer.status in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)
    if not granted or said != hashlib.sha256(data).digest():
        raise NotAToken("the authority's token is about something else")
    return response


def time_of(response: bytes) -> str:
    """The moment that a token states, in ISO 8601. Raises NotAToken."""
    try:
        return decode_timestamp_response(response).tst_info.gen_time.isoformat()
    except ValueError as error:
        raise NotAToken("the authority's answer cannot be read") from error
