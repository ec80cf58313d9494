using System.Buffers;
using System.IO.Hashing;
using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Writes what is more than text: images, symbols, rich content; and keeps what they add to the package. Belongs to a
/// <see cref="Binder"/>, and like it serves one document at a time.
/// </summary>
internal sealed class DrawingWriter
{
    private readonly List<MediaFile> _media = [];
    private readonly Dictionary<UInt128, (string PartName, PictureFile File)> _known = [];
    private readonly Dictionary<(RelationshipList, string), string> _ids = [];
    private readonly ArrayBufferWriter<byte> _numbering = new();
    private TemplateFacts _facts = null!;
    private RenderOptions _options = null!;
    private BoundStory _story = null!;
    private RelationshipList _relationships = null!;
    private int _nextDrawingId;
    private int _nextListId;

    /// <summary>The images of the document so far.</summary>
    public IReadOnlyList<MediaFile> Media => _media;

    /// <summary>The numbering instances of the document so far.</summary>
    public ReadOnlyMemory<byte> NumberingXml => _numbering.WrittenMemory;

    /// <summary>Makes ready for a document.</summary>
    public void Start(TemplateFacts facts, RenderOptions options)
    {
        _facts = facts;
        _options = options;
        _media.Clear();
        _known.Clear();
        _ids.Clear();
        _numbering.ResetWrittenCount();
        _nextDrawingId = facts.FreeDrawingId;
        _nextListId = facts.FreeListId;
    }

    /// <summary>Goes on in another story of the document.</summary>
    public void Enter(BoundStory story, RelationshipList relationships)
    {
        _story = story;
        _relationships = relationships;
    }

    /// <summary>A drawing id that nothing in the document has.</summary>
    public int NextDrawingId() => _nextDrawingId++;

    /// <summary>Writes an image into a run.</summary>
    /// <param name="text">What the record holds: a data URI, base64, or a file's name.</param>
    /// <param name="size">The size that the author asks for.</param>
    /// <param name="maxWidthEmu">How wide text can run at the place.</param>
    /// <param name="name">The field's name, for messages and the alternative text.</param>
    /// <returns>What is wrong with the image; null where it is written.</returns>
    public Problem? WriteImage(string text, DrawingSize size, long maxWidthEmu, string name)
    {
        if (Add(text, name, out var relationshipId, out var file) is { } problem)
        {
            return problem;
        }

        var rule = PictureSizeRule.Of(size.WidthEmu, size.HeightEmu, size.Fits);
        var id = NextDrawingId();
        PictureXml.Write(_story, relationshipId, id, file!, PictureSize.Of(file!, rule, new Emu(maxWidthEmu)), name, name);
        return null;
    }

    /// <summary>Writes the relationship id of an image that takes another's place.</summary>
    public Problem? WriteImageId(string text, string name)
    {
        var problem = Add(text, name, out var relationshipId, out _);
        if (problem is null)
        {
            XmlText.WriteEscaped(relationshipId, _story);
        }

        return problem;
    }

    /// <summary>Writes a QR code or barcode into a run.</summary>
    public Problem? WriteSymbol(BarcodeKind kind, string text, DrawingSize size, bool showsText, long maxWidthEmu, string name)
    {
        if (!Symbol.TryEncode(KindOf(kind), text, QrCorrection.Medium, out var symbol, out var reason))
        {
            return new Problem(ProblemCode.BarcodeNotPossible, $"The value of {name} {reason}.")
            {
                Advice = "Correct the value in the data, or draw another kind of code.",
                Field = name,
                ValueKind = "text",
            };
        }

        SymbolXml.Write(_story, NextDrawingId(), symbol, SymbolSize.Of(symbol, size.WidthEmu, size.HeightEmu, size.Fits, new Emu(maxWidthEmu)), showsText, name);
        return null;
    }

    /// <summary>Writes rich content at its mark's place.</summary>
    public void WriteRich(RichMark mark, string text)
    {
        var content = mark.IsMarkdown ? RichContent.FromMarkdown(text) : RichContent.FromHtml(text);
        var format = new RichFormat
        {
            RunProperties = mark.RunProperties,
            ParagraphProperties = mark.ParagraphProperties,
            HeadingStyles = _facts.HeadingStyles,
            BulletNumId = _facts.ListKinds.Bullets,
            NewOrderedList = _facts.ListKinds.Numbers > 0 ? NewOrderedList : null,
        };
        if (mark.IsBlock)
        {
            RichWriter.WriteBlocks(content, format, _story);
        }
        else
        {
            RichWriter.WriteInline(content, format, _story);
        }
    }

    private static SymbolKind KindOf(BarcodeKind kind) => kind switch
    {
        BarcodeKind.Code128 => SymbolKind.Code128,
        BarcodeKind.Code39 => SymbolKind.Code39,
        BarcodeKind.Ean13 => SymbolKind.Ean13,
        BarcodeKind.Ean8 => SymbolKind.Ean8,
        BarcodeKind.UpcA => SymbolKind.UpcA,
        BarcodeKind.Itf14 => SymbolKind.Itf14,
        _ => SymbolKind.Qr,
    };

    private int NewOrderedList(int level, int start)
    {
        var id = _nextListId++;
        _numbering.Write(Content.NumberingXml.Instance(id, _facts.ListKinds.Numbers, restart: true, level, start));
        return id;
    }

    private Problem? Add(string text, string name, out string relationshipId, out PictureFile? file)
    {
        relationshipId = "";
        file = null;
        var problem = Read(text, name, out var bytes, out file);
        if (problem is not null)
        {
            return problem;
        }

        // The same image twice is one part: a logo in each row does not make the document grow.
        var hash = XxHash128.HashToUInt128(bytes);
        if (!_known.TryGetValue(hash, out var known))
        {
            known = (FormattableString.Invariant($"{_facts.MediaPrefix}{_media.Count + 1}.{file!.Extension}"), file);
            _known[hash] = known;
            _media.Add(new MediaFile(known.PartName, bytes));
        }

        if (!_ids.TryGetValue((_relationships, known.PartName), out var id))
        {
            _ids[(_relationships, known.PartName)] = id = _relationships.AddImage(known.PartName);
        }

        relationshipId = id;
        return null;
    }

    private Problem? Read(string text, string name, out byte[] bytes, out PictureFile? file)
    {
        bytes = [];
        if (!LooksLikeFileName(text))
        {
            if (PictureData.TryDecode(text, out var data, out var reason))
            {
                (bytes, file) = (data.Bytes, data.File);
                return null;
            }

            file = null;
            return NotUsable(reason);
        }

        file = null;
        using var stream = _options.OpenImage(text.Trim());
        if (stream is null)
        {
            return NotUsable("cannot be found beside the data");
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while (buffer.Length <= PictureFile.MaxBytes && (read = stream.Read(chunk)) > 0)
        {
            buffer.Write(chunk, 0, read);
        }

        bytes = buffer.ToArray();
        return PictureFile.TryRead(bytes, out file, out var why) ? null : NotUsable(why);

        Problem NotUsable(string how) => new(ProblemCode.ImageNotUsable, $"The picture of {name} {how}.")
        {
            Advice = "Give a PNG or JPEG: as a file beside the data, or in the data as base64.",
            Field = name,
            ValueKind = "text",
        };
    }

    // Base64 has no dot; a file's name has one before its ending.
    private static bool LooksLikeFileName(string text)
        => text.Length <= 1024 && !text.AsSpan().TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase) && text.Contains('.', StringComparison.Ordinal);
}
