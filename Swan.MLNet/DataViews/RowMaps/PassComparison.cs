using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>
/// Tells whether the pass that runs ahead sees the rows that the reader sees, by row id and by the texts that the map reads. Ids alone
/// don't tell: a one-shot sequence gives each pass other rows under the same ids.
/// </summary>
internal sealed class PassComparison
{
    private readonly Pass _main;
    private readonly Pass _ahead;

    /// <param name="texts">Text columns that are active in both cursors.</param>
    /// <param name="main">The reader's cursor.</param>
    /// <param name="ahead">The cursor that runs ahead.</param>
    public PassComparison(IReadOnlyList<DataViewSchema.Column> texts, DataViewRow main, DataViewRow ahead)
    {
        _main = new Pass(main, texts);
        _ahead = new Pass(ahead, texts);
    }

    /// <summary>Text columns among those that a map reads. Others, such as images, would cost a second decoding.</summary>
    public static List<DataViewSchema.Column> Texts(RowMap map) => [.. map.Reads.Where(c => c.Type is TextDataViewType)];

    /// <summary>Marks the row that the pass ahead stands on.</summary>
    public Mark Ahead() => _ahead.Current();

    /// <summary>Compares the reader's row with the mark.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public void Require(Mark ahead, long row)
    {
        Mark main = _main.Current();
        if (!main.Id.Equals(ahead.Id)) throw Changed($"row {row} has id {ahead.Id}, but {main.Id} in the first pass");
        if (main.Hash != ahead.Hash) throw Changed($"row {row} has another text");
    }

    public static InvalidOperationException Changed(string how) =>
        new($"The data source gave different rows when it was read a second time: {how}. Values are computed in batches by a second pass that runs ahead, so the source must be repeatable. Put mlContext.Data.Cache(data) between them, or load the data into memory.");

    /// <summary>What is remembered of a row.</summary>
    public readonly record struct Mark(DataViewRowId Id, int Hash);

    private sealed class Pass(DataViewRow row, IReadOnlyList<DataViewSchema.Column> texts)
    {
        private readonly ValueGetter<DataViewRowId> _id = row.GetIdGetter();
        private readonly ValueGetter<ReadOnlyMemory<char>>[] _texts = [.. texts.Select(c => row.GetGetter<ReadOnlyMemory<char>>(row.Schema[c.Index]))];

        public Mark Current()
        {
            DataViewRowId id = default;
            _id(ref id);
            var hash = new HashCode();
            ReadOnlyMemory<char> text = default;
            foreach (ValueGetter<ReadOnlyMemory<char>> getter in _texts)
            {
                getter(ref text);
                hash.Add(string.GetHashCode(text.Span));
            }
            return new Mark(id, hash.ToHashCode());
        }
    }
}
