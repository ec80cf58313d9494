using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>A passkey of ES256 without attestation, and the browser that asks for it (WebAuthn Level 3, §5.1 and §6).</summary>
internal sealed class SoftwareAuthenticator : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private byte[] _userHandle = [];
    private uint _signatures;

    public byte[] CredentialId { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whether the user is asked for a finger or a PIN.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>The answer to creation options.</summary>
    public JsonObject Create(JsonObject options, Uri origin)
    {
        _userHandle = Base64Url.DecodeFromChars((string)options["user"]!["id"]!);
        var key = _key.ExportParameters(includePrivateParameters: false);
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cose.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            cose.WriteInt32(label);
            cose.WriteInt32(value);
        }

        cose.WriteInt32(-2);
        cose.WriteByteString(key.Q.X!);
        cose.WriteInt32(-3);
        cose.WriteByteString(key.Q.Y!);
        cose.WriteEndMap();

        byte[] length = [0, (byte)CredentialId.Length];
        var data = DataOf((string?)options["rp"]!["id"] ?? origin.Host, 0x40, [.. new byte[16], .. length, .. CredentialId, .. cose.Encode()]);
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(data);
        attestation.WriteEndMap();
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData("webauthn.create", options, origin)),
            ["attestationObject"] = Base64Url.EncodeToString(attestation.Encode()),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>The answer to request options.</summary>
    public JsonObject Sign(JsonObject options, Uri origin)
    {
        var data = DataOf((string?)options["rpId"] ?? origin.Host, 0, []);
        var client = ClientData("webauthn.get", options, origin);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(_key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = Base64Url.EncodeToString(_userHandle),
        });
    }

    public void Dispose() => _key.Dispose();

    private static byte[] ClientData(string type, JsonObject options, Uri origin) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = (string)options["challenge"]!,
        ["origin"] = origin.GetLeftPart(UriPartial.Authority),
        ["crossOrigin"] = false,
    }.ToJsonString());

    private byte[] DataOf(string site, byte flags, byte[] rest)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, ++_signatures);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(site)), (byte)(flags | 0x01 | (Verifies ? 0x04 : 0)), .. count, .. rest];
    }

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Base64Url.EncodeToString(CredentialId),
        ["rawId"] = Base64Url.EncodeToString(CredentialId),
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };
}
