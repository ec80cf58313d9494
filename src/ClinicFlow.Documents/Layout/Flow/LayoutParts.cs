using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Charts;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Layout.Tables;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Metafiles;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// The parts of one layout and what they share: they call each other (a cell holds paragraphs, a paragraph a text box, a text box a table).
/// One object serves one thread; it may lay many documents that share settings, fonts and pictures.
/// </summary>
internal sealed class LayoutParts
{
    /// <summary>Tables in cells and boxes in boxes deeper than this are left out. The scan refuses documents that are nested less deeply.</summary>
    public const int DeepestNesting = 24;

    private readonly ImageFile[] _files;
    private readonly bool[] _undrawn;

    public LayoutParts(WordDocument document, FontSet fonts, Shaper shaper)
    {
        Settings = document.Settings;
        Fonts = new TextShaper(fonts, shaper);
        var rules = new LineRules(
            Settings.DefaultTabStop.Value, Settings.CompatibilityMode >= 15, !Settings.Has(CompatibilityFlags.DoNotExpandShiftReturn), Settings.HyphenationZone.Value, Settings.DividedLines == DividedLineAtEnd.Moves);
        Paragraphs = new ParagraphLayout(Fonts, rules, Settings);
        MetafilePainter = new MetafilePainter(fonts, shaper);
        ChartPainter = new ChartPainter(this);
        Drawings = new DrawingPainter(this);
        Painter = new BlockPainter(new LinePainter(Fonts), Drawings);
        Stacks = new StackLayout(this);
        Tables = new TableLayout(this);
        var count = document.Images.Length;
        (_files, _undrawn, Metafiles, Images) = (new ImageFile[count], new bool[count], new Metafile?[count], new PictureSource[count]);
        TakePictures(document.Images);
    }

    public DocumentSettings Settings { get; }

    public TextShaper Fonts { get; }

    public ParagraphLayout Paragraphs { get; }

    public BlockPainter Painter { get; }

    public DrawingPainter Drawings { get; }

    public MetafilePainter MetafilePainter { get; }

    public ChartPainter ChartPainter { get; }

    public StackLayout Stacks { get; }

    public TableLayout Tables { get; }

    public PictureSource[] Images { get; }

    private readonly Dictionary<(int Image, PictureTone Tone), PictureSource> _toned = [];

    /// <summary>A picture with its colours changed: one object for all that are changed alike.</summary>
    public PictureSource ImageOf(int image, PictureTone? tone)
    {
        if (tone is null)
        {
            return Images[image];
        }

        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_toned, (image, tone), out _);
        return known ??= Images[image] with { Tone = tone };
    }

    /// <summary>Of each picture what it draws, where it is a metafile.</summary>
    public Metafile?[] Metafiles { get; }

    /// <summary>Whether a picture is a metafile that the reader has refused, and listed: its place stays empty where the document is made all the same.</summary>
    public bool IsUndrawnMetafile(int image) => _undrawn[image];

    /// <summary>Room for a document's structure, which grows with the largest.</summary>
    public ImmutableArray<StructureNode>.Builder Nodes { get; } = ImmutableArray.CreateBuilder<StructureNode>(initialCapacity: 64);

    /// <summary>Takes the pictures of a document, as many as of the one before. Those that are others now are others here, with all that was made of them.</summary>
    public void TakePictures(ImmutableArray<ImageFile> files)
    {
        for (var i = 0; i < files.Length; i++)
        {
            if (ReferenceEquals(_files[i], files[i]))
            {
                continue;
            }

            var file = _files[i] = files[i];
            Metafiles[i] = file.Drawing;
            _undrawn[i] = file.NotDrawn is not null;
            Images[i] = new PictureSource(ImmutableCollectionsMarshal.AsArray(file.Bytes) ?? [], file.PartName);
            foreach (var toned in _toned.Keys)
            {
                if (toned.Image == i)
                {
                    _toned.Remove(toned);
                }
            }
        }
    }

    /// <summary>Makes ready for the next document of the same template.</summary>
    public void NextDocument()
    {
        Paragraphs.NextDocument();
        MetafilePainter.NextDocument();
        ChartPainter.NextDocument();
        Paragraphs.Fields = FieldValues.None;
        Nodes.Clear();
    }

    /// <summary>A paragraph's place in the structure.</summary>
    public static StructureOwner OwnerOf(Paragraph paragraph, ShapedParagraph shaped, StructureOwner? parent) =>
        new(
            paragraph.Format.OutlineLevel switch
            {
                null => StructureRole.Paragraph,
                >= 5 => StructureRole.Heading6,
                var level => StructureRole.Heading1 + (byte)level.Value,
            },
            parent)
        {
            ListId = paragraph.Label is { } label ? Math.Max(1, label.ListId) : 0,
            Inner = shaped.Nodes,
        };
}
