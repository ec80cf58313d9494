using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// A picture that a record holds as text: a data URI (RFC 2397) or bare base64. The type a data URI declares is
/// not believed; the bytes say what they are.
/// </summary>
/// <param name="Bytes">The picture's file.</param>
/// <param name="File">What its header says.</param>
internal sealed record PictureData(byte[] Bytes, PictureFile File)
{
    // Four characters for three bytes, and as much again for line ends and indentation.
    private const int MaxChars = PictureFile.MaxBytes / 3 * 4 * 2;

    /// <summary>Decodes a value.</summary>
    /// <param name="text">A data URI or base64, plain or URL-safe, padded or not; white space anywhere is ignored.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="reason">Where the answer is no: what is wrong, to follow on "the picture"; never any content.</param>
    public static bool TryDecode(
        ReadOnlySpan<char> text,
        [NotNullWhen(true)] out PictureData? picture,
        [NotNullWhen(false)] out string? reason)
    {
        picture = null;
        if (text.Length > MaxChars)
        {
            reason = $"is larger than {PictureFile.MaxBytes / (1024 * 1024)} MB";
            return false;
        }

        text = text.Trim();
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            var comma = text.IndexOf(',');
            if (comma < 0 || !text[..comma].TrimEnd().EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            {
                reason = "is a data URI without base64";
                return false;
            }

            text = text[(comma + 1)..];
        }

        if (!TryDecodeBase64(text, out var bytes))
        {
            reason = "is not base64";
            return false;
        }

        if (!PictureFile.TryRead(bytes, out var file, out reason))
        {
            return false;
        }

        picture = new PictureData(bytes, file);
        return true;
    }

    private static bool TryDecodeBase64(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        // Nearly always the text is as the standard has it, and the runtime's vectorised decoder takes it whole.
        bytes = new byte[(text.Length / 4 * 3) + 3];
        if (Convert.TryFromBase64Chars(text, bytes, out var plainLength))
        {
            Array.Resize(ref bytes, plainLength);
            return true;
        }

        var digits = ArrayPool<char>.Shared.Rent(text.Length + 3);
        try
        {
            var count = 0;
            var padding = 0;
            foreach (var character in text)
            {
                if (character == '=')
                {
                    padding++;
                }
                else if (!char.IsWhiteSpace(character))
                {
                    if (padding > 0)
                    {
                        bytes = null;
                        return false;
                    }

                    digits[count++] = character switch { '-' => '+', '_' => '/', _ => character };
                }
            }

            // Padding is put anew, for writers that leave it out.
            while (count % 4 != 0)
            {
                digits[count++] = '=';
            }

            bytes = new byte[count / 4 * 3];
            if (padding > 2 || !Convert.TryFromBase64Chars(digits.AsSpan(0, count), bytes, out var length))
            {
                bytes = null;
                return false;
            }

            Array.Resize(ref bytes, length);
            return true;
        }
        finally
        {
            // The digits are patient data: they do not stay behind in the pool.
            ArrayPool<char>.Shared.Return(digits, clearArray: true);
        }
    }
}
