using System.Text;

namespace ClinicFlow.Documents.Tests.Content;

/// <summary>Text of a seed, rich in what breaks writers.</summary>
internal static class Fuzz
{
    private const string Odd = "<>&\"'\t\n\r\v\0\u0001\u001F\u007F\u0085\u00A0\u00AD\u2011\u2028\u2029\uFFFD\uFFFE\uFFFF\uD800\uDC00\uD83D\uDE00äß漢";

    public static string Text(Random random, int length)
    {
        var text = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            text.Append(random.Next(3) switch
            {
                0 => Odd[random.Next(Odd.Length)],
                1 => (char)random.Next(32, 127),
                _ => (char)random.Next(0x10000),
            });
        }

        return text.ToString();
    }

    public static string Of(Random random, string[] pieces, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(random.Next(12) == 0 ? Text(random, 3) : pieces[random.Next(pieces.Length)]);
        }

        return text.ToString();
    }

    /// <summary>What of a text XML 1.0 can hold, found the slow way.</summary>
    public static string OnlyXml(string text)
    {
        var kept = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                kept.Append(text, i++, 2);
            }
            else if (System.Xml.XmlConvert.IsXmlChar(text[i]))
            {
                kept.Append(text[i]);
            }
        }

        return kept.ToString();
    }
}
