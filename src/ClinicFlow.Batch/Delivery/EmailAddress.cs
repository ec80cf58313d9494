using System.Buffers;
using MimeKit;

namespace ClinicFlow.Batch.Delivery;

/// <summary>Reads one e-mail address, and refuses what could become more than one in a header or a command.</summary>
public static class EmailAddress
{
    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
    };

    private static readonly SearchValues<char> Refused = SearchValues.Create(" <>()[],;:\"\\");

    /// <summary>Whether a text is one e-mail address and nothing else: no name, no list, no line break. RFC 5321 §4.5.3.1: at most 254 characters.</summary>
    public static bool IsValid(string? text) => Parse(text) is not null;

    internal static MailboxAddress? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 254 || Text.HasControls(text) || text.AsSpan().ContainsAny(Refused))
        {
            return null;
        }

        return MailboxAddress.TryParse(Strict, text, out var address) && address.Address == text && address.Domain.Contains('.', StringComparison.Ordinal)
            ? address
            : null;
    }
}
