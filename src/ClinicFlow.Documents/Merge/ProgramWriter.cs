using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Writes a story's XML out as a merge program: bytes up to a mark are a segment, the mark is an operation. Sections
/// become jumps; what must be unique in a document and stands in a repeated section becomes a slot.
/// </summary>
internal sealed class ProgramWriter
{
    private readonly Story _story;
    private readonly List<Op> _ops = [];
    private readonly List<byte[]> _segments = [];
    private readonly Dictionary<string, int> _segmentIds = new(StringComparer.Ordinal);
    private readonly StringBuilder _literal = new();
    private readonly List<Mark> _marks = [];
    private readonly List<SlotContext> _contexts = [];
    private readonly List<byte[]> _runProperties = [];
    private readonly List<XName> _open = [];
    private readonly Stack<OpenSection> _sections = new();
    private readonly Dictionary<string, int> _bookmarkKeys = [];
    private readonly Dictionary<(XElement?, XNamespace), string> _prefixes = [];
    private readonly HashSet<NoteKey> _notes = [];
    private int _repeatDepth;
    private int _newPrefixes;

    private ProgramWriter(Story story) => _story = story;

    private sealed class OpenSection
    {
        public required SectionMark Mark { get; init; }

        public required XName[] Shape { get; init; }

        /// <summary>The operation that goes to the next branch where this one is not taken; -1 in the last.</summary>
        public int Skip { get; set; } = -1;

        /// <summary>The operations that go behind the section's end.</summary>
        public List<int> ToEnd { get; } = [];

        public int LoopStart { get; set; } = -1;

        public bool InLoop { get; set; }
    }

    /// <summary>Writes a story as a program. The story's problems receive sections whose ends do not fit together.</summary>
    /// <param name="story">The story.</param>
    /// <param name="notes">Receives the notes that repeated sections refer to.</param>
    public static MergeProgram Write(Story story, ISet<NoteKey> notes)
    {
        var writer = new ProgramWriter(story);
        for (var i = 0; i < story.Marks.Count; i++)
        {
            writer.AddSlot(story.Marks[i]);
        }

        writer._literal.Append("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        writer.WriteElement(story.Root);
        writer.Flush();
        notes.UnionWith(writer._notes);
        return new MergeProgram([.. writer._ops], [.. writer._segments], [.. writer._marks], [.. writer._contexts], [.. writer._runProperties]);
    }

    /// <summary>An element without marks as UTF-8 XML, with the prefixes that are bound where it stands.</summary>
    public static byte[] Serialize(XElement element)
    {
        var writer = new ProgramWriter(null!);
        writer.WriteElement(element);
        return Encoding.UTF8.GetBytes(writer._literal.ToString());
    }

    private int AddSlot(Mark mark)
    {
        _marks.Add(mark);
        _contexts.Add(SlotContext.Element);
        _runProperties.Add([]);
        return _marks.Count - 1;
    }

    private void WriteElement(XElement element)
    {
        if (Mark.Is(element))
        {
            // Inside properties that are copied to where values go a mark means nothing.
            if (_story is not null)
            {
                WriteMark(element);
            }

            return;
        }

        if (_repeatDepth > 0 && IsDroppedInRepeat(element))
        {
            return;
        }

        var name = NameOf(element, element.Name, isAttribute: false, out var declaration);
        _literal.Append('<').Append(name).Append(declaration);
        foreach (var attribute in element.Attributes())
        {
            WriteAttribute(element, attribute);
        }

        if (element.IsEmpty)
        {
            _literal.Append("/>");
            return;
        }

        _literal.Append('>');
        _open.Add(element.Name);
        for (var node = element.FirstNode; node is not null; node = node.NextNode)
        {
            switch (node)
            {
                case XElement child:
                    WriteElement(child);
                    break;
                case XText text:
                    Escape(text.Value, inAttribute: false);
                    break;
            }
        }

        _open.RemoveAt(_open.Count - 1);
        _literal.Append("</").Append(name).Append('>');
    }

    // Optional ids that must differ from each other are left out where a section repeats them: Word makes new ones.
    private static bool IsDroppedInRepeat(XElement element)
        => element.Name.LocalName == "id" && element.Parent?.Name.LocalName == "sdtPr" && element.Name.Namespace == element.Parent.Name.Namespace;

    private void WriteAttribute(XElement element, XAttribute attribute)
    {
        if (attribute.IsNamespaceDeclaration)
        {
            _literal.Append(' ').Append(attribute.Name.LocalName == "xmlns" && attribute.Name.Namespace == XNamespace.None ? "xmlns" : "xmlns:" + attribute.Name.LocalName).Append("=\"");
            Escape(attribute.Value, inAttribute: true);
            _literal.Append('"');
            return;
        }

        if (_repeatDepth > 0 && attribute.Name.Namespace == WordNames.W14 && attribute.Name.LocalName is "paraId" or "textId")
        {
            return;
        }

        var name = attribute.Name.Namespace == XNamespace.None ? attribute.Name.LocalName : NameOf(element, attribute.Name, isAttribute: true, out var declaration, out _) + Declared(declaration);
        _literal.Append(' ').Append(name).Append("=\"");
        if (_repeatDepth > 0 && FreshKindOf(element, attribute) is { } kind)
        {
            var key = kind is FreshKind.DrawingId or FreshKind.NoteReference ? -1 : KeyOf(element.Attributes().First(a => a.Name.LocalName == "id").Value);
            var note = kind == FreshKind.NoteReference ? new NoteKey(element.Name == _story.Names.EndnoteReference, attribute.Value) : default;
            if (kind == FreshKind.NoteReference)
            {
                _notes.Add(note);
            }

            WriteSlot(AddSlot(new FreshMark { Kind = kind, Key = key, Original = attribute.Value, Note = note, Place = Place.Nowhere }), SlotContext.Attribute);
        }
        else if (attribute.Value.Contains(MarkList.AttributeOpen, StringComparison.Ordinal))
        {
            WriteAttributeWithMarks(attribute.Value);
        }
        else
        {
            Escape(attribute.Value, inAttribute: true);
        }

        _literal.Append('"');

        string Declared(string text)
        {
            if (text.Length > 0)
            {
                _literal.Append(text);
            }

            return "";
        }
    }

    private int KeyOf(string id)
    {
        if (!_bookmarkKeys.TryGetValue(id, out var key))
        {
            _bookmarkKeys[id] = key = _bookmarkKeys.Count;
        }

        return key;
    }

    private static FreshKind? FreshKindOf(XElement element, XAttribute attribute) => (element.Name.LocalName, attribute.Name.LocalName) switch
    {
        ("docPr", "id") => FreshKind.DrawingId,
        ("bookmarkStart", "id") => FreshKind.BookmarkStartId,
        ("bookmarkStart", "name") => FreshKind.BookmarkName,
        ("bookmarkEnd", "id") => FreshKind.BookmarkEndId,
        ("footnoteReference" or "endnoteReference", "id") => FreshKind.NoteReference,
        _ => null,
    };

    private void WriteAttributeWithMarks(string value)
    {
        var rest = value.AsSpan();
        while (rest.IndexOf(MarkList.AttributeOpen) is >= 0 and var at)
        {
            Escape(rest[..at].ToString(), inAttribute: true);
            var end = rest.IndexOf(MarkList.AttributeClose);
            WriteSlot(int.Parse(rest[(at + 1)..end], CultureInfo.InvariantCulture), SlotContext.Attribute);
            rest = rest[(end + 1)..];
        }

        Escape(rest.ToString(), inAttribute: true);
    }

    private void WriteMark(XElement element)
    {
        var index = Mark.IndexOf(element);
        switch (_marks[index])
        {
            case SectionMark section:
                WriteSection(section, index);
                break;
            case GuardMark:
                Flush();
                _ops.Add(new Op(OpCode.Guard, index));
                break;
            default:
                var parent = element.Parent;
                var inText = parent is not null && _story is not null && (parent.Name == _story.Names.T || parent.Name == _story.Names.InstrText);
                var run = inText ? parent!.Parent : parent;
                if (run?.Elements().FirstOrDefault(child => child.Name.LocalName == "rPr") is { } properties && run.Name.LocalName == "r")
                {
                    _runProperties[index] = Serialize(properties);
                }

                WriteSlot(index, !inText ? SlotContext.Element : parent!.Name == _story!.Names.T ? SlotContext.Text : SlotContext.Instruction);
                break;
        }
    }

    private void WriteSlot(int index, SlotContext context)
    {
        Flush();
        _contexts[index] = context;
        _ops.Add(new Op(OpCode.Slot, index));
    }

    private void WriteSection(SectionMark mark, int index)
    {
        Flush();
        switch (mark.Role)
        {
            case SectionRole.Open:
                var opened = new OpenSection { Mark = mark, Shape = [.. _open] };
                _sections.Push(opened);
                opened.Skip = _ops.Count;
                if (IsRepeat(mark.Source))
                {
                    _ops.Add(new Op(OpCode.Repeat, index));
                    opened.LoopStart = _ops.Count;
                    opened.InLoop = true;
                    _repeatDepth++;
                }
                else
                {
                    _ops.Add(new Op(OpCode.Unless, index));
                }

                break;
            case SectionRole.Else when _sections.TryPeek(out var section):
                CheckShape(section, mark);
                EndBranch(section);
                section.ToEnd.Add(_ops.Count);
                _ops.Add(new Op(OpCode.Jump, -1));
                SetTarget(section.Skip, _ops.Count);
                section.Skip = -1;
                if (mark.Source is SectionSource.When)
                {
                    section.Skip = _ops.Count;
                    _ops.Add(new Op(OpCode.Unless, index));
                }

                break;
            case SectionRole.Close when _sections.TryPop(out var section):
                CheckShape(section, mark);
                EndBranch(section);
                if (section.Skip >= 0)
                {
                    SetTarget(section.Skip, _ops.Count);
                }

                foreach (var jump in section.ToEnd)
                {
                    SetTarget(jump, _ops.Count);
                }

                break;
        }
    }

    private static bool IsRepeat(SectionSource source) => source is SectionSource.Each or SectionSource.Any { Inverted: false } or SectionSource.Notes;

    private void EndBranch(OpenSection section)
    {
        if (section.InLoop)
        {
            _ops.Add(new Op(OpCode.Next, 0, section.LoopStart));
            section.InLoop = false;
            _repeatDepth--;
        }
    }

    private void SetTarget(int op, int target) => _ops[op] = _ops[op] with { B = target };

    // Bytes can be repeated or left out only where as many elements of the same kinds are open at both ends.
    private void CheckShape(OpenSection section, SectionMark end)
    {
        if (!_open.SequenceEqual(section.Shape))
        {
            _story.Problems.Add(new Problem(ProblemCode.SectionCrosses, $"The section {section.Mark.Raw} starts and ends in places that cannot be repeated together.")
            {
                Advice = "Put its start and end around whole paragraphs, around whole rows, or both into the same paragraph.",
                Place = end.Place == Place.Nowhere ? section.Mark.Place : end.Place,
            });
        }
    }

    private void Flush()
    {
        if (_literal.Length == 0)
        {
            return;
        }

        var text = _literal.ToString();
        _literal.Clear();
        if (!_segmentIds.TryGetValue(text, out var id))
        {
            _segmentIds[text] = id = _segments.Count;
            _segments.Add(Encoding.UTF8.GetBytes(text));
        }

        _ops.Add(new Op(OpCode.Literal, id));
    }

    private string NameOf(XElement scope, XName name, bool isAttribute, out string declaration) => NameOf(scope, name, isAttribute, out declaration, out _);

    private string NameOf(XElement scope, XName name, bool isAttribute, out string declaration, out string prefix)
    {
        declaration = "";
        prefix = "";
        if (name.Namespace == XNamespace.Xml)
        {
            return "xml:" + name.LocalName;
        }

        if (!isAttribute && scope.GetDefaultNamespace() == name.Namespace)
        {
            return name.LocalName;
        }

        if (scope.GetPrefixOfNamespace(name.Namespace) is { Length: > 0 } bound)
        {
            prefix = bound;
            return $"{bound}:{name.LocalName}";
        }

        if (name.Namespace == XNamespace.None)
        {
            return name.LocalName;
        }

        // An element that was moved away from where its prefix was bound.
        var key = (isAttribute ? scope : null, name.Namespace);
        if (!_prefixes.TryGetValue(key, out var made))
        {
            _prefixes[key] = made = string.Create(CultureInfo.InvariantCulture, $"cf{++_newPrefixes}");
        }

        declaration = $" xmlns:{made}=\"{name.NamespaceName}\"";
        prefix = made;
        return $"{made}:{name.LocalName}";
    }

    private void Escape(string text, bool inAttribute)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => _literal.Append("&amp;"),
                '<' => _literal.Append("&lt;"),
                '>' => _literal.Append("&gt;"),
                '"' when inAttribute => _literal.Append("&quot;"),
                '\n' when inAttribute => _literal.Append("&#xA;"),
                '\t' when inAttribute => _literal.Append("&#x9;"),
                '\r' => _literal.Append("&#xD;"),
                _ => _literal.Append(c),
            };
        }
    }
}
