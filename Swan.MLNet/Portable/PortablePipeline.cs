using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Portable;

/// <summary>A fitted pipeline, step by step, with stock steps in the place of Swan's.</summary>
internal sealed class PortablePipeline
{
    private readonly OwnCatalogs _catalogs;
    private readonly DataViewSchema _schema;

    // What is kept as it is, or what is to be replaced.
    private readonly List<(ITransformer? Stock, PortableStep? Swan)> _steps = [];

    /// <summary>Looks through the pipeline.</summary>
    /// <exception cref="NotSupportedException">Stock components don't support all of it; the message names every such step.</exception>
    /// <exception cref="ArgumentException">There is no Swan step in it.</exception>
    public PortablePipeline(OwnCatalogs catalogs, ITransformer model, DataViewSchema schema, SwanPortableOptions options)
    {
        _catalogs = catalogs;
        _schema = schema;
        var refusals = new List<string>();
        IDataView data = EmptyData.Create(catalogs.Host, schema);
        foreach (ITransformer step in Steps(model))
        {
            // First, so a schema that doesn't match gives the step's own error.
            IDataView next = step.Transform(data);
            PortableStep? swan = step switch
            {
                SwanEmbeddingTransformer embedding => new PortableEmbedding(catalogs, embedding, data.Schema, options),
                SwanSearchTransformer search => new PortableSearch(catalogs, search),
                _ => null,
            };
            if (swan is not null) refusals.AddRange(swan.Refusals().Select(r => $"{swan.Name}: {r}."));
            else if (Stranger(step) is { } stranger) refusals.Add(stranger);
            _steps.Add(swan is null ? (step, null) : (null, swan));
            data = next;
        }
        if (refusals.Count > 0)
        {
            throw new NotSupportedException(
                "The pipeline can't be saved with stock ML.NET components only, and nothing was written. "
                + $"{string.Join(" ", refusals)} Or save it with mlContext.Model.Save, "
                + "which keeps everything and needs Swan.MLNet to load it.");
        }
        if (_steps.TrueForAll(s => s.Swan is null))
        {
            throw new ArgumentException(
                "The pipeline has no Swan step, so it is portable as it is: save it with mlContext.Model.Save.", nameof(model));
        }
    }

    /// <summary>Builds the stock pipeline, compares each replaced step with Swan's own, and hands it over.</summary>
    /// <param name="use">
    /// Gets the pipeline and, for each replaced step, its name and the largest difference. The pipeline ends with the call.
    /// </param>
    /// <exception cref="InvalidOperationException">A step doesn't give the same.</exception>
    public void Build(Action<ITransformer, IReadOnlyList<(string Step, float Difference)>> use)
    {
        var all = new List<ITransformer>();
        var made = new List<ITransformer>();
        var differences = new List<(string, float)>();
        string folder = Directory.CreateTempSubdirectory($"swan-portable-{Environment.ProcessId}-").FullName;
        try
        {
            IDataView data = EmptyData.Create(_catalogs.Host, _schema);
            foreach ((ITransformer? kept, PortableStep? swan) in _steps)
            {
                ITransformer step = kept!;
                if (swan is not null)
                {
                    IReadOnlyList<ITransformer> stock = swan.Build(data, folder);
                    made.AddRange(stock);
                    step = new TransformerChain<ITransformer>([.. stock]);
                    differences.Add((swan.Name, swan.ThrowIfDifferent(step, folder)));
                }
                all.AddRange(Steps(step));
                data = step.Transform(data);
            }
            use(new TransformerChain<ITransformer>([.. all]), differences);
        }
        finally
        {
            foreach (ITransformer step in made) (step as IDisposable)?.Dispose();
            HeldFile.TryRemoveFolder(folder);
        }
    }

    private static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    private static string? Stranger(ITransformer step)
    {
        string assembly = step.GetType().Assembly.GetName().Name!;
        if (step.GetType().Assembly == typeof(PortablePipeline).Assembly)
        {
            return $"The step {step.GetType().Name} can't be saved portably, because no component of ML.NET does its work. Leave it out.";
        }
        return assembly == "Microsoft.ML" || assembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
            ? null
            : $"The step {step.GetType().Name} comes from {assembly}, which is not part of ML.NET.";
    }
}
