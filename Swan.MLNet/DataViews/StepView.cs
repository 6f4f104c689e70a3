using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace Swan.MLNet.DataViews;

/// <summary>A Swan step's output, which leads ML.NET's ONNX converter back to the step and its source.</summary>
/// <remarks>
/// The converter walks back from the last view. It takes a view that it can't look behind for the pipeline's input data, so the graph would
/// silently lack the step. Here it finds the step, and an error.
/// </remarks>
/// <param name="step">The transformer.</param>
/// <param name="name">What messages call it, such as <c>SWAN embedding 'Embedding'</c>.</param>
/// <param name="source">What the step gets.</param>
/// <param name="view">What it makes of it.</param>
internal sealed class StepView(ITransformer step, string name, IDataView source, IDataView view) : ITransformCanSaveOnnx
{
    public IDataView Source => source;

    public DataViewSchema Schema => view.Schema;

    public bool CanShuffle => view.CanShuffle;

    public long? GetRowCount() => view.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        view.GetRowCursor(columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        view.GetRowCursorSet(columnsNeeded, n, rand);

    public void Save(ModelSaveContext ctx) => step.Save(ctx);

    public bool CanSaveOnnx(OnnxContext ctx) => throw Unconvertible();

    public void SaveAsOnnx(OnnxContext ctx) => throw Unconvertible();

    private NotSupportedException Unconvertible() => new(
        $"ConvertToOnnx can't convert the {name}, and a graph without it would start from its output. For programs without Swan.MLNet, "
        + "save the whole pipeline with mlContext.Swan().SavePortable(model, inputSchema, path), which supports image embeddings and "
        + "searches. To convert only the steps after it, put a cache before them: "
        + "mlContext.Model.ConvertToOnnx(steps, mlContext.Data.Cache(embedded), stream).");
}
