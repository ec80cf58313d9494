using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>What a template reads: its fields for people, its paths for comparing with columns, its questions.</summary>
internal sealed class FieldList
{
    private readonly Dictionary<string, Entry> _byName = new(FieldNameComparer.Instance);
    private readonly List<Entry> _entries = [];
    private readonly HashSet<string> _paths = new(FieldNameComparer.Instance);
    private readonly Dictionary<string, TemplateParameter> _parameters = new(FieldNameComparer.Instance);
    private readonly Stack<string> _lists = new();

    private FieldList()
    {
    }

    private sealed class Entry
    {
        public required string Name { get; init; }

        public FieldType Type { get; set; }

        public bool IsOptional { get; set; } = true;

        public List<Place> Places { get; } = [];
    }

    /// <summary>The fields in the order of their first appearance.</summary>
    public IReadOnlyList<TemplateField> Fields { get; private set; } = [];

    /// <summary>The questions that ASK and FILLIN ask.</summary>
    public IReadOnlyList<TemplateParameter> Parameters => [.. _parameters.Values];

    /// <summary>Whether NEXT or NEXTIF take further records.</summary>
    public bool UsesNextRecord { get; private set; }

    /// <summary>Reads the programs in the order of their operations.</summary>
    public static FieldList Of(IEnumerable<MergeProgram> programs)
    {
        var list = new FieldList();
        foreach (var program in programs)
        {
            list.Read(program);
        }

        list.Fields = [.. list._entries.Select(entry => new TemplateField(entry.Name, entry.Type, entry.IsOptional, entry.Places))];
        return list;
    }

    /// <summary>The columns that nothing reads.</summary>
    public IReadOnlyList<string> FindUnused(IEnumerable<string> columns)
        => [.. columns.Where(column => !_paths.Any(path => IsPartOf(path, column) || IsPartOf(column, path)))];

    // Whether one name is the other or the beginning of its path: "address" covers "address.city".
    private static bool IsPartOf(string whole, string part)
        => FieldNameComparer.Instance.Equals(whole, part)
            || (part.Length > whole.Length && part[whole.Length] == '.' && FieldNameComparer.Instance.Equals(part.AsSpan(0, whole.Length), whole));

    private void Read(MergeProgram program)
    {
        foreach (var op in program.Ops)
        {
            switch (op.Code)
            {
                case OpCode.Slot or OpCode.Unless:
                    ReadMark(program.Marks[op.A]);
                    break;
                case OpCode.Repeat:
                    ReadMark(program.Marks[op.A]);
                    _lists.Push(ListName(((SectionMark)program.Marks[op.A]).Source));
                    break;
                case OpCode.Next:
                    _lists.TryPop(out _);
                    break;
            }
        }
    }

    private string ListName(SectionSource source)
    {
        var name = source switch
        {
            SectionSource.Each each => each.List.Paths.Count > 0 ? NameOf(each.List.Paths[0]) : null,
            SectionSource.Any any => any.Expression.Paths.Count > 0 ? NameOf(any.Expression.Paths[0]) : null,
            _ => null,
        };
        return name ?? "";
    }

    private void ReadMark(Mark mark)
    {
        switch (mark)
        {
            case ValueMark value:
                Add(value.Expression, value.Expression.Type, value.Expression.IsOptional, mark.Place);
                break;
            case CheckboxMark checkbox:
                Add(checkbox.Condition.Paths, FieldType.Boolean, isOptional: false, mark.Place);
                break;
            case DrawingMark drawing:
                Add(drawing.Expression, drawing.MakesImage ? FieldType.Image : FieldType.Text, isOptional: false, mark.Place);
                break;
            case PictureMark picture:
                Add(picture.Expression, FieldType.Image, picture.IsOptional, mark.Place);
                break;
            case RichMark rich:
                Add(rich.Expression, FieldType.Text, rich.Expression.IsOptional, mark.Place);
                break;
            case ControlMark control:
                Add(control.Expression, control.Kind switch
                {
                    ControlValue.Checked or ControlValue.CheckGlyph => FieldType.Boolean,
                    ControlValue.Date => FieldType.Date,
                    _ => FieldType.Text,
                }, isOptional: true, mark.Place);
                break;
            case FieldMark field:
                Add(field.Node, mark.Place);
                break;
            case BarcodeFieldMark barcode:
                Add(barcode.Field, mark.Place);
                break;
            case SectionMark section:
                ReadSection(section);
                break;
        }
    }

    private void ReadSection(SectionMark section)
    {
        switch (section.Source)
        {
            case SectionSource.Each each:
                Add(each.List, FieldType.List, isOptional: false, section.Place);
                _lists.Push(ListName(each));
                Add(each.Where?.Paths ?? [], FieldType.Text, isOptional: true, section.Place);
                Add(each.OrderBy?.Paths ?? [], FieldType.Text, isOptional: true, section.Place);
                _lists.Pop();
                break;
            case SectionSource.Any any:
                Add(any.Expression, any.Inverted ? FieldType.Text : FieldType.List, isOptional: true, section.Place);
                break;
            case SectionSource.When test:
                Add(test.Condition.Paths, FieldType.Text, isOptional: true, section.Place);
                break;
            case SectionSource.WordIf condition:
                Add(condition.Field, section.Place);
                break;
            case SectionSource.Has has:
                Add(has.Expression, has.IsList ? FieldType.List : FieldType.Text, isOptional: true, section.Place);
                break;
        }
    }

    private void Add(Expression? expression, FieldType type, bool isOptional, Place place)
    {
        if (expression is not null)
        {
            Add(expression.Paths, type, isOptional, place);
        }
    }

    private void Add(FieldNode node, Place place)
    {
        foreach (var name in node.ReadsFields)
        {
            Add(Prefixed(name), FieldType.Text, isOptional: false, place);
            _paths.Add(name);
        }

        foreach (var inner in FieldWalk.Of(node))
        {
            UsesNextRecord |= inner is NextField or NextIfField;
            if (FieldWalk.ParameterOf(inner) is { } parameter)
            {
                _parameters.TryAdd(parameter.Name, parameter);
            }
        }
    }

    private void Add(IEnumerable<FieldPath> paths, FieldType type, bool isOptional, Place place)
    {
        foreach (var path in paths)
        {
            if (NameOf(path) is { } name)
            {
                Add(name, type, isOptional, place);
                _paths.Add(string.Join('.', path.Names));
            }
        }
    }

    private void Add(string name, FieldType type, bool isOptional, Place place)
    {
        _paths.Add(name);
        if (!_byName.TryGetValue(name, out var entry))
        {
            _byName[name] = entry = new Entry { Name = name };
            _entries.Add(entry);
        }

        if (entry.Type == FieldType.Text)
        {
            entry.Type = type;
        }

        entry.IsOptional &= isOptional;
        if (!entry.Places.Contains(place))
        {
            entry.Places.Add(place);
        }
    }

    // Inside a list a name belongs to its items first: visits.date. Null for @index and its like, and for a bare "this".
    private string? NameOf(FieldPath path)
    {
        if (path.Root is not (FieldPathRoot.Name or FieldPathRoot.This or FieldPathRoot.Root) || path.Names.Length == 0)
        {
            return null;
        }

        var prefix = path.Root == FieldPathRoot.Root ? "" : _lists.Skip(path.Up).FirstOrDefault() ?? "";
        var name = string.Join('.', path.Names);
        return prefix.Length == 0 ? name : $"{prefix}.{name}";
    }

    private string Prefixed(string name) => _lists.TryPeek(out var prefix) && prefix.Length > 0 ? $"{prefix}.{name}" : name;
}
