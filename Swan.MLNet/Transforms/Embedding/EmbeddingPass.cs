using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>One pass over the rows of a column that is embedded.</summary>
/// <param name="context">What all passes share.</param>
/// <param name="row">Where values are read.</param>
/// <param name="input">The column that is embedded.</param>
/// <param name="holds">What it holds.</param>
internal sealed class EmbeddingPass(EmbeddingContext context, DataViewRow row, DataViewSchema.Column input, SwanInput holds) : RowPass
{
    public EmbeddingContext Context => context;

    public DataViewSchema.Column Input => input;

    /// <summary>The number of the row that the pass stands on.</summary>
    public long Position => row.Position;

    /// <summary>The name in messages of the row at a position: a prediction engine's row numbers mean nothing.</summary>
    public string RowAt(long position) => Counts ? $"Row {position} (column '{input.Name}')" : $"The row's '{input.Name}'";

    /// <summary>Whether rows have numbers: those of a cursor, not those of a prediction engine.</summary>
    public bool Counts => row is WindowRow or DataViewRowCursor;

    private PassStatistics Statistics { get; } = new();

    public override bool PreparesAhead => holds is SwanInput.ImagePath or SwanInput.ImageBytes;

    public override bool HoldsInputs => holds == SwanInput.ImageBytes;

    public override RowBatch CreateBatch(int capacity) => holds switch
    {
        SwanInput.ImagePath => new ImagePathBatch(this, capacity),
        SwanInput.Image => new ImageBatch(this, capacity),
        SwanInput.ImageBytes => new ImageBytesBatch(this, capacity),
        _ => new CaptionBatch(this, capacity),
    };

    public ValueGetter<T> Getter<T>() => row.GetGetter<T>(input);

    /// <summary>Counts the row that the reader has reached.</summary>
    /// <param name="fault">Its fault, or null.</param>
    /// <param name="position">Its number in the data.</param>
    /// <param name="cut">Whether its caption was longer than the model takes.</param>
    /// <param name="reading">How its image was read; null where it was not.</param>
    public void Reached(RowFault? fault, long position, bool cut, ImageReading? reading)
    {
        Statistics.Add(fault, position, cut, reading);
        if (reading is { HasChoices: true }) MlNetEnvironment.Debug(context.Host, "Embed", $"{RowAt(position)}: {reading}");
        // A prediction engine may live as long as the process.
        if (cut && !Counts) Report();
    }

    /// <summary>Reports what was met, once.</summary>
    public override void Dispose() => Report();

    private void Report()
    {
        context.AddCut(Statistics.Cut);
        PassTotals.Add(Statistics);
        Statistics.Report(context.Host, input.Name, context.Options.OnError, context.Lease.Model.Text.MaxLength);
    }
}
