using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;
using Swan.MLNet.Tests.Search.Scans;

namespace Swan.MLNet.Tests.Search.Questions;

/// <summary>A gallery with a column of numbers, deleted rows and, if wanted, bytes.</summary>
internal sealed class GalleryOfSegments : SwanGallery
{
    private readonly State _state;

    /// <param name="rows">Unit vectors; row r has the key <c>r</c> and the number r.</param>
    /// <param name="codes">Scans read bytes.</param>
    /// <param name="deleted">Rows that are not found.</param>
    public GalleryOfSegments(float[][] rows, bool codes, Func<int, bool>? deleted = null) =>
        _state = new State(new SegmentedRows(rows, rows[0].Length, [100, 77], perBlock: 64, gap: 1), codes, deleted ?? (_ => false));

    /// <summary>Called when a question reads a block of rows or bytes.</summary>
    public Action? Reading
    {
        init => _state.Reading = value;
    }

    public override int Count => _state.Present!.Count;

    public override int EmbeddingSize => _state.EmbeddingSize;

    public override ModelIdentity? Model => null;

    public override IReadOnlyList<SwanColumn> Columns => [new SwanColumn("number", SwanColumnType.Number)];

    /// <summary>States that somebody uses.</summary>
    public int Entered { get; private set; }

    internal override GivenRange? GivenRange => null;

    internal override GalleryView Enter()
    {
        Entered++;
        return _state;
    }

    internal override void Leave(GalleryView view) => Entered--;

    private sealed class State(SegmentedRows rows, bool codes, Func<int, bool> deleted) : GalleryView
    {
        public override GallerySearch Search { get; } = new(rows, codes ? rows.Codes() : null);

        public Action? Reading
        {
            set => rows.Reading = value;
        }

        public override ModelIdentity? Model => null;

        public override GivenRange? GivenRange => null;

        public override RowMask? Present => rows.Mask(row => !deleted(row));

        public override RowMask? Mask(SwanFilter filter, CancellationToken cancellation)
        {
            var builder = new ColumnBuilder(new SwanColumn("number", SwanColumnType.Number));
            for (int row = 0; row < rows.Count; row++) builder.Add((double)row);
            using var part = new MemoryStream();
            builder.Write(part);
            var column = ColumnData.Open(builder.Column, rows.Count, part.ToArray());
            RowBits passing =
                FilterPlan.Evaluate(filter, new Dictionary<string, ColumnData> { ["number"] = column }, rows.Count, cancellation);
            return rows.Mask(row => !deleted(row) && passing[row]);
        }

        public override string KeyOf(int row) => $"{row}";

        public override bool TryFind(string key, out int row) => int.TryParse(key, out row) && row < rows.Count && !deleted(row);

        public override IReadOnlyDictionary<string, object?> ValuesOf(int row) =>
            new Dictionary<string, object?> { ["number"] = (double)row };
    }
}
