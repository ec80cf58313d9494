using System.Text;
using ClinicFlow.Documents.Fields;

namespace ClinicFlow.Documents.Merge;

/// <summary>Which parts of the instruction of an IF field are its branches.</summary>
internal static class IfBranches
{
    /// <summary>Whether a whole part lies in one of them.</summary>
    public static bool Cover(IfField field, int part) => Covers(field.TrueBranch, part) || Covers(field.FalseBranch, part);

    /// <summary>The text of a branch in a part; null where there is none.</summary>
    public static string? Slice(InstructionArgument? branch, int part, string text)
    {
        if (branch is null || branch.Start.Part > part || branch.End.Part < part)
        {
            return null;
        }

        var from = branch.Start.Part == part ? Math.Min(branch.Start.Offset, text.Length) : 0;
        var to = branch.End.Part == part ? Math.Min(branch.End.Offset, text.Length) : text.Length;
        return from >= to ? null : Unescape(text[from..to]);
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
            {
                i++;
            }

            plain.Append(text[Math.Min(i, text.Length - 1)]);
        }

        return plain.ToString();
    }

    private static bool Covers(InstructionArgument? branch, int part)
        => branch is not null && IsAtOrBefore(branch.Start, new InstructionPosition(part, 0)) && IsAtOrBefore(new InstructionPosition(part, 1), branch.End);

    private static bool IsAtOrBefore(InstructionPosition a, InstructionPosition b)
        => a.Part < b.Part || (a.Part == b.Part && a.Offset <= b.Offset);
}
