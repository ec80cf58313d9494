using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// The numbering definitions that lists in rich content need, for the numbering part. There the abstract ones stand
/// before all instances. Source: ECMA-376 Part 1 §17.9.
/// </summary>
internal static class NumberingXml
{
    /// <summary>The number of list levels that Word knows.</summary>
    public const int Levels = 9;

    /// <summary>How much further each level is indented, in twips.</summary>
    public const int Indent = 360;

    private static readonly string[] Bullets = ["\u2022", "\u25E6", "\u25AA"];
    private static readonly string[] Formats = ["decimal", "lowerLetter", "lowerRoman"];

    /// <summary>A <c>w:abstractNum</c> with bullets on all levels.</summary>
    public static byte[] AbstractBullets(int id) => Abstract(id, "B", level => ("bullet", Bullets[level % Bullets.Length]));

    /// <summary>A <c>w:abstractNum</c> with 1., a., i. in turn.</summary>
    public static byte[] AbstractOrdered(int id) => Abstract(id, "C", level => (Formats[level % Formats.Length], Invariant($"%{level + 1}.")));

    /// <summary>A <c>w:num</c>.</summary>
    /// <param name="numId">The instance's id, from 1.</param>
    /// <param name="abstractId">Which definition it is one of.</param>
    /// <param name="restart">Whether it counts anew; without this, instances of one definition count on.</param>
    /// <param name="level">The level that the list stands on.</param>
    /// <param name="start">The first number on that level.</param>
    public static byte[] Instance(int numId, int abstractId, bool restart, int level = 0, int start = 1)
    {
        var xml = new StringBuilder(Invariant($"<w:num w:numId=\"{numId}\"><w:abstractNumId w:val=\"{abstractId}\"/>"));
        for (var i = 0; restart && i < Levels; i++)
        {
            xml.Append(Invariant($"<w:lvlOverride w:ilvl=\"{i}\"><w:startOverride w:val=\"{(i == level ? start : 1)}\"/></w:lvlOverride>"));
        }

        return Encoding.UTF8.GetBytes(xml.Append("</w:num>").ToString());
    }

    private static byte[] Abstract(int id, string family, Func<int, (string Format, string Text)> levelOf)
    {
        // Word takes definitions of the same nsid for copies of one list, so each gets its own.
        var xml = new StringBuilder(Invariant($"<w:abstractNum w:abstractNumId=\"{id}\"><w:nsid w:val=\"{family}F{id & 0xFFFFFF:X6}\"/>"))
            .Append("<w:multiLevelType w:val=\"hybridMultilevel\"/>");
        for (var level = 0; level < Levels; level++)
        {
            var (format, text) = levelOf(level);
            xml.Append(Invariant($"<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/>"))
                .Append(Invariant($"<w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{Indent * (level + 1)}\" w:hanging=\"{Indent}\"/></w:pPr></w:lvl>"));
        }

        return Encoding.UTF8.GetBytes(xml.Append("</w:abstractNum>").ToString());
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
