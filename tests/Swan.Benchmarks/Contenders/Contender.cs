using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.Benchmarks.Contenders;

/// <summary>
/// One way to embed image files with the image tower of a model. Opening it loads the network; <see cref="Run"/> is what is timed.
/// </summary>
internal abstract class Contender : IDisposable
{
    /// <summary>Embeds all rows and shows each one's embedding, which lasts until the next.</summary>
    public abstract void Run(EmbeddingReader read);

    public abstract void Dispose();

    /// <summary>Opens a contender by the name that the command line gives it.</summary>
    public static Contender Open(ContenderKind kind, string model, string[] paths, long rows, int? batch) => kind switch
    {
        ContenderKind.Swan or ContenderKind.OtherSwan => new SwanContender(model, paths, rows),
        ContenderKind.Stock => new StockContender(model, paths, rows),
        ContenderKind.Decoding => new DecodingContender(model, paths, rows),
        _ => new BareContender(model, paths, rows, batch, oneRun: kind == ContenderKind.OneRun),
    };

    /// <summary>Reads one column of a view as an application does, row after row.</summary>
    protected static void ReadColumn(IDataView view, string column, EmbeddingReader read)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[column]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(view.Schema[column]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            read(value.GetValues());
        }
    }
}

/// <summary>Gets each row's embedding in turn.</summary>
internal delegate void EmbeddingReader(ReadOnlySpan<float> embedding);

internal enum ContenderKind
{
    /// <summary>Our pipeline.</summary>
    Swan,

    /// <summary>ML.NET's own components.</summary>
    Stock,

    /// <summary>ONNX Runtime and nothing else, as our encoder runs it: one thread a run, as many runs at once as processors.</summary>
    Bare,

    /// <summary>The same with one run at a time and as many threads as processors.</summary>
    OneRun,

    /// <summary>Decoding and resizing, and nothing else.</summary>
    Decoding,

    /// <summary>Our pipeline with the second model.</summary>
    OtherSwan,

    /// <summary><see cref="Bare"/> with the second model.</summary>
    OtherBare,
}
