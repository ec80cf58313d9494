using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads the XML of a bound story, which this library has written itself, several times as fast as a reader that must expect anything: UTF-8, no
/// DTD, well-formed. What is not so is refused all the same. It keeps names, and short values of attributes, so one belongs to one template.
/// One object serves one thread.
/// </summary>
internal sealed class XmlScanner
{
    private const int LongestKept = 24;
    private const int MostNames = 4096;
    private readonly string?[] _values = new string?[2048];
    private readonly Dictionary<string, string> _locals = new(StringComparer.Ordinal);
    private readonly List<Scope> _scopes = [];
    private Name[] _names = new Name[1024];
    private int _nameCount;
    private byte[] _rootStart = [];
    private Scope[]? _within;

    /// <summary>A prefix and its namespace; the empty prefix is the default namespace.</summary>
    internal readonly record struct Scope(byte[] Prefix, Ns Ns, int Depth);

    private readonly record struct Name(byte[]? Written, Ns OfElement, Ns OfAttribute, string Local);

    /// <summary>Reads a part.</summary>
    /// <param name="xml">The part without the paragraphs of the template that are kept.</param>
    /// <param name="kept">Where each of those stands, in rising order.</param>
    /// <param name="tree">Gets the elements; empty.</param>
    /// <param name="partName">For messages.</param>
    /// <param name="maxDepth">How deep elements may nest.</param>
    public void Read(ReadOnlySpan<byte> xml, ReadOnlySpan<KeptMark> kept, XmlTree tree, string partName, int maxDepth)
    {
        _scopes.Clear();
        _scopes.Add(new("xml"u8.ToArray(), Ns.Xml, 0));
        Fill(xml, kept, tree, partName, maxDepth, isRoot: true);
    }

    /// <summary>Reads an element that stands within a part, below the root or in the scope given.</summary>
    public void ReadWithin(ReadOnlySpan<byte> xml, Scope[] scopes, XmlTree tree, string partName, int maxDepth)
    {
        _scopes.Clear();
        foreach (var scope in scopes)
        {
            _scopes.Add(scope with { Depth = 0 });
        }

        if (!ReferenceEquals(scopes, _within))
        {
            _within = scopes;
            Forget();
        }

        Fill(xml, [], tree, partName, maxDepth, isRoot: false);
    }

    private void Fill(ReadOnlySpan<byte> xml, ReadOnlySpan<KeptMark> kept, XmlTree tree, string partName, int maxDepth, bool isRoot)
    {
        var open = new int[maxDepth + 2];
        var depth = 0;
        var next = 0;
        var at = xml.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (true)
        {
            // 1. Text up to the next tag.
            var length = xml[at..].IndexOf((byte)'<');
            if (length < 0)
            {
                Require(depth == 0 && xml[at..].IndexOfAnyExcept(" \t\r\n"u8) < 0, partName);
                return;
            }

            if (length > 0)
            {
                if (depth > 0)
                {
                    AddText(xml.Slice(at, length), tree, open[depth - 1]);
                }

                at += length;
            }

            // 2. What is kept of the template stands between tags, with white space around it in some files.
            while (next < kept.Length && kept[next].Offset <= at)
            {
                tree.AddKept(kept[next++], _scopes);
            }

            // 3. The tag.
            var second = at + 1 < xml.Length ? xml[at + 1] : default;
            if (second == '/')
            {
                var end = xml[at..].IndexOf((byte)'>');
                Require(end > 0 && depth > 0, partName);
                at += end + 1;
                tree.End(open[--depth]);
                Leave(depth);
            }
            else if (second == '?')
            {
                at += Length(xml[at..], "?>"u8, partName);
            }
            else if (second == '!')
            {
                var rest = xml[at..];
                if (rest.StartsWith("<![CDATA["u8))
                {
                    var end = Length(rest, "]]>"u8, partName);
                    if (depth > 0)
                    {
                        tree.AddText(Encoding.UTF8.GetString(rest[9..(end - 3)]));
                    }

                    at += end;
                }
                else
                {
                    Require(rest.StartsWith("<!--"u8), partName);
                    at += Length(rest, "-->"u8, partName);
                }
            }
            else
            {
                if (depth >= maxDepth)
                {
                    throw new TemplatePackageException("nested-too-deep", $"The part {Package.ZipPackage.Shown(partName)} nests elements more than {maxDepth} deep. This is no ordinary Word document.");
                }

                var (index, isEmpty, end) = ReadStart(xml, at, tree, depth + 1, isRoot && depth == 0, partName);
                at = end;
                if (isEmpty)
                {
                    tree.End(index);
                    Leave(depth);
                }
                else
                {
                    open[depth++] = index;
                }
            }
        }
    }

    private void Leave(int depth)
    {
        while (_scopes.Count > 0 && _scopes[^1].Depth > depth)
        {
            _scopes.RemoveAt(_scopes.Count - 1);
        }
    }

    private (int Index, bool IsEmpty, int End) ReadStart(ReadOnlySpan<byte> xml, int start, XmlTree tree, int depth, bool isRoot, string partName)
    {
        // Values may hold a '>', so the tag's end is found attribute by attribute.
        var at = start + 1;
        var nameEnd = at + LengthOfName(xml[at..]);
        Require(nameEnd > at && nameEnd < xml.Length, partName);
        var written = xml[at..nameEnd];
        at = nameEnd;

        // Namespaces first: the element's own prefix may be declared in it.
        Declare(xml, at, depth, partName);
        if (isRoot)
        {
            KeepNamesOf(xml[start..]);
        }

        var name = NameOf(written);
        var index = tree.Begin(name.OfElement, name.Local);
        while (true)
        {
            at += LengthOfSpace(xml[at..]);
            Require(at < xml.Length, partName);
            if (xml[at] == '>')
            {
                return (index, false, at + 1);
            }

            if (xml[at] == '/')
            {
                Require(at + 1 < xml.Length && xml[at + 1] == '>', partName);
                return (index, true, at + 2);
            }

            var (attribute, value, end) = ReadAttribute(xml, at, partName);
            at = end;
            if (!IsDeclaration(attribute))
            {
                var own = NameOf(attribute);
                if (!own.Local.StartsWith("rsid", StringComparison.Ordinal))
                {
                    tree.AddAttribute(own.OfAttribute, own.Local, ValueOf(value));
                }
            }
        }
    }

    private void Declare(ReadOnlySpan<byte> xml, int at, int depth, string partName)
    {
        // Only a few elements declare anything; the others are done after one look.
        var end = xml[at..].IndexOf((byte)'>');
        if (end < 0 || xml.Slice(at, end).IndexOf("xmlns"u8) < 0)
        {
            return;
        }

        while (true)
        {
            at += LengthOfSpace(xml[at..]);
            Require(at < xml.Length, partName);
            if (xml[at] is (byte)'>' or (byte)'/')
            {
                return;
            }

            var (attribute, value, after) = ReadAttribute(xml, at, partName);
            at = after;
            if (IsDeclaration(attribute))
            {
                _scopes.Add(new(attribute.Length > 6 ? attribute[6..].ToArray() : [], XmlTree.NamespaceOf(Encoding.UTF8.GetString(value)), depth));
            }
        }
    }

    private static bool IsDeclaration(ReadOnlySpan<byte> attribute) => attribute.StartsWith("xmlns"u8) && (attribute.Length == 5 || attribute[5] == ':');

    private static AttributeSpan ReadAttribute(ReadOnlySpan<byte> xml, int at, string partName)
    {
        var nameEnd = at + LengthOfName(xml[at..]);
        var sign = nameEnd + LengthOfSpace(xml[nameEnd..]);
        Require(nameEnd > at && sign < xml.Length && xml[sign] == '=', partName);
        var quote = sign + 1 + LengthOfSpace(xml[(sign + 1)..]);
        Require(quote < xml.Length && xml[quote] is (byte)'"' or (byte)'\'', partName);
        var length = xml[(quote + 1)..].IndexOf(xml[quote]);
        Require(length >= 0, partName);
        return new(xml[at..nameEnd], xml.Slice(quote + 1, length), quote + 1 + length + 1);
    }

    private readonly ref struct AttributeSpan(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int end)
    {
        private readonly ReadOnlySpan<byte> _name = name;
        private readonly ReadOnlySpan<byte> _value = value;

        public void Deconstruct(out ReadOnlySpan<byte> attribute, out ReadOnlySpan<byte> text, out int after)
        {
            attribute = _name;
            text = _value;
            after = end;
        }
    }

    private static int LengthOfName(ReadOnlySpan<byte> xml)
    {
        var at = 0;
        while (at < xml.Length && xml[at] is not ((byte)' ' or (byte)'=' or (byte)'>' or (byte)'/' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'<' or (byte)'"'))
        {
            at++;
        }

        return at;
    }

    private static int LengthOfSpace(ReadOnlySpan<byte> xml)
    {
        var at = 0;
        while (at < xml.Length && xml[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static int Length(ReadOnlySpan<byte> xml, ReadOnlySpan<byte> end, string partName)
    {
        var at = xml.IndexOf(end);
        Require(at >= 0, partName);
        return at + end.Length;
    }

    private static void Require(bool isSo, string partName)
    {
        if (!isSo)
        {
            throw new TemplatePackageException("bad-xml", $"The part {Package.ZipPackage.Shown(partName)} is no XML that can be read.");
        }
    }

    // --- Names ---

    // Names stand for the same as long as the root declares the same; it does in all documents of a template.
    private void KeepNamesOf(ReadOnlySpan<byte> root)
    {
        var start = root[..(root.IndexOf((byte)'>') + 1)];
        if (!start.SequenceEqual(_rootStart))
        {
            _rootStart = start.ToArray();
            Forget();
        }
    }

    private void Forget()
    {
        Array.Clear(_names);
        _nameCount = 0;
    }

    private Name NameOf(ReadOnlySpan<byte> written)
    {
        // Below an element that declares namespaces of its own a prefix may mean something else.
        if (_scopes.Count > 0 && _scopes[^1].Depth > 1)
        {
            return Resolve(written);
        }

        var mask = _names.Length - 1;
        for (var slot = Hash(written) & mask; ; slot = (slot + 1) & mask)
        {
            ref var known = ref _names[slot];
            if (known.Written is null)
            {
                var made = Resolve(written);
                if (_nameCount < MostNames)
                {
                    known = made;
                    if (++_nameCount > _names.Length / 2)
                    {
                        Grow();
                    }
                }

                return made;
            }

            if (written.SequenceEqual(known.Written))
            {
                return known;
            }
        }
    }

    private void Grow()
    {
        var old = _names;
        _names = new Name[old.Length * 2];
        foreach (var name in old)
        {
            if (name.Written is not null)
            {
                var slot = Hash(name.Written) & (_names.Length - 1);
                while (_names[slot].Written is not null)
                {
                    slot = (slot + 1) & (_names.Length - 1);
                }

                _names[slot] = name;
            }
        }
    }

    private Name Resolve(ReadOnlySpan<byte> written)
    {
        var colon = written.IndexOf((byte)':');
        var prefix = colon < 0 ? [] : written[..colon];
        var local = Encoding.UTF8.GetString(written[(colon + 1)..]);
        if (_locals.TryGetValue(local, out var known))
        {
            local = known;
        }
        else if (_locals.Count < MostNames)
        {
            _locals.Add(local, local);
        }

        var ns = colon < 0 ? Ns.None : Ns.Other;
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            if (prefix.SequenceEqual(_scopes[i].Prefix))
            {
                ns = _scopes[i].Ns;
                break;
            }
        }

        // The default namespace is not that of attributes.
        return new(written.ToArray(), ns, colon < 0 ? Ns.None : ns, local);
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)bytes.Length;
        foreach (var value in bytes)
        {
            hash = (hash * 31) + value;
        }

        return (int)(hash * 0x9E3779B1 >> 8);
    }

    // --- Values ---
    private string ValueOf(ReadOnlySpan<byte> value)
    {
        if (value.Length == 0)
        {
            return "";
        }

        if (value.Length > LongestKept)
        {
            return Unescape(value, isAttribute: true);
        }

        ref var kept = ref _values[Hash(value) & (_values.Length - 1)];
        if (kept is not null && Ascii.Equals(value, kept))
        {
            return kept;
        }

        var made = Unescape(value, isAttribute: true);
        if (Ascii.Equals(value, made))
        {
            kept = made;
        }

        return made;
    }

    private static void AddText(ReadOnlySpan<byte> text, XmlTree tree, int parent)
    {
        // White space between elements is no content; that of a text element is.
        if (tree.IsTextElement(parent) || text.IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            tree.AddText(Unescape(text, isAttribute: false));
        }
    }

    /// <summary>What an escaped text or value says.</summary>
    internal static string Unescape(ReadOnlySpan<byte> written, bool isAttribute)
    {
        if (written.IndexOfAny((byte)'&', (byte)'\r') < 0 && !(isAttribute && written.IndexOfAny((byte)'\n', (byte)'\t') >= 0))
        {
            return Encoding.UTF8.GetString(written);
        }

        var text = Encoding.UTF8.GetString(written).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (isAttribute)
        {
            text = text.Replace('\n', ' ').Replace('\t', ' ');
        }

        var made = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '&')
            {
                made.Append(text[at++]);
                continue;
            }

            var end = text.IndexOf(';', at);
            var name = end < 0 ? "" : text[(at + 1)..end];
            switch (name)
            {
                case "amp":
                    made.Append('&');
                    break;
                case "lt":
                    made.Append('<');
                    break;
                case "gt":
                    made.Append('>');
                    break;
                case "quot":
                    made.Append('"');
                    break;
                case "apos":
                    made.Append('\'');
                    break;
                default:
                    var isHex = name.StartsWith("#x", StringComparison.Ordinal);
                    if (name.Length < 2 || name[0] != '#'
                        || !int.TryParse(name.AsSpan(isHex ? 2 : 1), isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                        || !Rune.TryCreate(code, out var rune))
                    {
                        throw new TemplatePackageException("bad-xml", "A part of the document refers to a character that does not exist.");
                    }

                    made.Append(rune.ToString());
                    break;
            }

            at = end + 1;
        }

        return made.ToString();
    }
}

/// <summary>Where a paragraph of the template stands that was left out of the XML.</summary>
/// <param name="Offset">In the XML.</param>
/// <param name="Id">Its number in <see cref="TemplateParagraphs"/>.</param>
internal readonly record struct KeptMark(int Offset, int Id)
{
    /// <summary>Its texts, where they differ from document to document.</summary>
    public FilledParagraph? Filled { get; init; }
}
