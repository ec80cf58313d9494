namespace ClinicFlow.Documents.Data;

/// <summary>
/// Where names are looked up while a record is bound: the record, and inside a repeated section the current
/// item, from the inside out. Mutable by its owner, the loop that runs it; never shared by threads.
/// </summary>
internal sealed class Scope(MergeValue current, Scope? outer = null)
{
    /// <summary>The scope around this one; null for the record itself.</summary>
    public Scope? Outer { get; } = outer;

    /// <summary>The record or item: what <c>this</c> means.</summary>
    public MergeValue Current { get; set; } = current;

    /// <summary>The number of the item, from 1 (<c>@index</c>).</summary>
    public int Index { get; set; } = 1;

    /// <summary>How many items there are (<c>@count</c>).</summary>
    public int Count { get; set; } = 1;

    /// <summary>The scope and those around it as they are now, for what is looked up when the loop has gone on.</summary>
    public Scope Copy() => new(Current, Outer?.Copy()) { Index = Index, Count = Count };

    /// <summary>Looks up a path such as <c>patient.name</c>, <c>../name</c>, <c>this</c> or <c>@index</c>.</summary>
    /// <returns>Whether it is there. A column with an empty value is there.</returns>
    public bool TryResolve(FieldPath path, out MergeValue value)
    {
        var scope = this;
        for (var up = path.Root == FieldPathRoot.Root ? int.MaxValue : path.Up; up > 0 && scope.Outer is not null; up--)
        {
            scope = scope.Outer;
        }

        switch (path.Root)
        {
            case FieldPathRoot.This or FieldPathRoot.Root:
                value = scope.Current;
                return Descend(path.Names, 0, ref value);
            case FieldPathRoot.Index:
                value = MergeValue.From(scope.Index);
                return true;
            case FieldPathRoot.Count:
                value = MergeValue.From(scope.Count);
                return true;
            case FieldPathRoot.First:
                value = MergeValue.From(scope.Index == 1);
                return true;
            case FieldPathRoot.Last:
                value = MergeValue.From(scope.Index == scope.Count);
                return true;
        }

        for (var at = scope; at is not null; at = at.Outer)
        {
            // A column may itself be called "a.b", even beside a column "a" (flat sources): the whole name goes first.
            if (path.Names.Length > 1 && at.Current.Kind == MergeValueKind.Group && at.Current.Group.TryGet(path.Whole, out value))
            {
                return true;
            }

            value = at.Current;
            if (value.Kind == MergeValueKind.Group && value.Group.TryGet(path.Names[0], out value))
            {
                return Descend(path.Names, 1, ref value);
            }
        }

        value = default;
        return false;
    }

    private static bool Descend(string[] names, int from, ref MergeValue value)
    {
        for (var i = from; i < names.Length; i++)
        {
            // Inside an empty group everything is there and empty: "address": null has an empty address.city.
            if (value.Kind == MergeValueKind.Null && i > 0)
            {
                return true;
            }

            // A list item is named by its number, from 1.
            if (value.Kind == MergeValueKind.List && int.TryParse(names[i], out var number))
            {
                if (number < 1 || number > value.List.Count)
                {
                    value = default;
                    return false;
                }

                value = value.List[number - 1];
                continue;
            }

            if (value.Kind != MergeValueKind.Group || !value.Group.TryGet(names[i], out value))
            {
                value = default;
                return false;
            }
        }

        return true;
    }
}

/// <summary>What a path starts from.</summary>
internal enum FieldPathRoot
{
    /// <summary>A name, looked up from the inside out.</summary>
    Name,

    /// <summary><c>this</c>.</summary>
    This,

    /// <summary><c>@index</c>.</summary>
    Index,

    /// <summary><c>@count</c>.</summary>
    Count,

    /// <summary><c>@first</c>.</summary>
    First,

    /// <summary><c>@last</c>.</summary>
    Last,

    /// <summary><c>@root</c>: the record itself, however deep the sections are.</summary>
    Root,
}

/// <summary>A parsed path. <c>../a.b</c> has <see cref="Up"/> 1 and the names a and b.</summary>
internal sealed class FieldPath
{
    private FieldPath(FieldPathRoot root, int up, string[] names)
    {
        Root = root;
        Up = up;
        Names = names;
        Whole = string.Join('.', names);
    }

    /// <summary>What it starts from.</summary>
    public FieldPathRoot Root { get; }

    /// <summary>How many scopes it goes out first.</summary>
    public int Up { get; }

    /// <summary>The names, outermost first.</summary>
    public string[] Names { get; }

    /// <summary>The names joined by dots.</summary>
    public string Whole { get; }

    /// <summary>Makes the path of one column, whatever characters its name has (Word's MERGEFIELD "First Name").
    /// Dots make it nested.</summary>
    public static FieldPath OfName(string name)
    {
        var names = name.Split('.');
        return new(FieldPathRoot.Name, 0, names.Any(part => part.Length == 0) ? [name] : names);
    }

    /// <summary>Parses a path as a tag writes it. White space around dots and slashes is not allowed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FieldPath path)
    {
        path = null!;
        var up = 0;
        while (text.StartsWith("../"))
        {
            up++;
            text = text[3..];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] == '@' && !text.StartsWith("@root."))
        {
            FieldPathRoot? special = text switch
            {
                "@index" => FieldPathRoot.Index,
                "@count" => FieldPathRoot.Count,
                "@first" => FieldPathRoot.First,
                "@last" => FieldPathRoot.Last,
                "@root" => FieldPathRoot.Root,
                _ => null,
            };
            if (special is null)
            {
                return false;
            }

            path = new FieldPath(special.Value, up, []);
            return true;
        }

        var isRoot = text[0] == '@';
        var names = text[(isRoot ? "@root.".Length : 0)..].ToString().Split('.');
        if (names.Any(name => name.Length == 0 || !name.All(IsNameCharacter)))
        {
            return false;
        }

        path = isRoot ? new FieldPath(FieldPathRoot.Root, 0, names)
            : names[0] is "this" or ".."
            ? new FieldPath(FieldPathRoot.This, up, names[1..])
            : new FieldPath(FieldPathRoot.Name, up, names);
        return true;
    }

    /// <summary>Letters and marks of any script, digits, underscore, hyphen.</summary>
    public static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-'
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
        || char.IsSurrogate(c);

    /// <inheritdoc/>
    public override string ToString() => string.Concat(Enumerable.Repeat("../", Up)) + Root switch
    {
        FieldPathRoot.Name => Whole,
        FieldPathRoot.This => Names.Length == 0 ? "this" : $"this.{Whole}",
        FieldPathRoot.Root => Names.Length == 0 ? "@root" : $"@root.{Whole}",
        _ => $"@{Root.ToString().ToLowerInvariant()}",
    };
}
