namespace ClinicFlow.Documents.Data;

/// <summary>
/// When two field names are the same: letter case does not count, and a space is the same as an underscore
/// (Word writes the column "First Name" as the field <c>First_Name</c>).
/// </summary>
public sealed class FieldNameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    /// <summary>The one instance.</summary>
    public static FieldNameComparer Instance { get; } = new();

    private FieldNameComparer()
    {
    }

    /// <inheritdoc/>
    public bool Equals(string? x, string? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.AsSpan(), y));

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<char> alternate, string other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (alternate.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < alternate.Length; i++)
        {
            if (alternate[i] != other[i] && Fold(alternate[i]) != Fold(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public int GetHashCode(string obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return GetHashCode(obj.AsSpan());
    }

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<char> alternate)
    {
        // FNV-1a over folded characters: field names are short, and hostile ones meet the column limit of the reader first.
        var hash = 2166136261u;
        foreach (var c in alternate)
        {
            hash = (hash ^ Fold(c)) * 16777619u;
        }

        return (int)hash;
    }

    /// <inheritdoc/>
    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();

    private static char Fold(char c) => c switch
    {
        >= 'a' and <= 'z' => (char)(c - 32),
        ' ' or '\u00A0' => '_',
        < '\u0080' => c,
        _ => char.ToUpperInvariant(c),
    };
}
