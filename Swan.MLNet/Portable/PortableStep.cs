using Microsoft.ML;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Portable;

/// <summary>One step of a pipeline that only Swan knows, and the stock steps that do the same.</summary>
internal abstract class PortableStep(OwnCatalogs catalogs)
{
    /// <summary>The largest difference that is let pass, of values in [-1, 1].</summary>
    protected const float Tolerance = 1e-5f;

    protected OwnCatalogs Catalogs => catalogs;

    /// <summary>Its name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The parts of this step that stock steps can't do, each with a remedy; empty: it can be saved.</summary>
    public abstract IEnumerable<string> Refusals();

    /// <summary>The stock steps.</summary>
    /// <param name="data">Of the schema that the step gets.</param>
    /// <param name="folder">For temporary files, which are needed until the steps are disposed.</param>
    public abstract IReadOnlyList<ITransformer> Build(IDataView data, string folder);

    /// <summary>Runs made-up rows through this step and through the stock ones.</summary>
    /// <param name="stock">What <see cref="Build"/> made.</param>
    /// <param name="folder">For temporary files.</param>
    /// <returns>The largest difference of two values.</returns>
    public abstract float Compare(ITransformer stock, string folder);

    /// <exception cref="InvalidOperationException">The two don't give the same.</exception>
    public float ThrowIfDifferent(ITransformer stock, string folder)
    {
        float difference = Compare(stock, folder);
        if (difference <= Tolerance) return difference;
        throw new InvalidOperationException(
            $"{Name} and the stock components that replace it differ by {difference:G3}, more than {Tolerance:G1}, "
            + "so nothing was saved. It may have options that are newer than the portable save. Save the pipeline with "
            + "mlContext.Model.Save, and report this.");
    }

    /// <summary>The largest difference; infinite where one has a value missing (NaN) and the other not.</summary>
    protected static float Difference(float[] expected, float[] found)
    {
        if (expected.Length != found.Length) return float.PositiveInfinity;
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (float.IsNaN(expected[i]) && float.IsNaN(found[i])) continue;
            float difference = Math.Abs(expected[i] - found[i]);
            largest = float.IsNaN(difference) ? float.PositiveInfinity : Math.Max(largest, difference);
        }
        return largest;
    }

    /// <summary>A stock step for a graph.</summary>
    protected ITransformer Onnx(IDataView data, byte[] graph, string folder, string[] outputs, string[] inputs)
    {
        // By a file, because ML.NET never deletes the one that it makes of a stream.
        string path = Path.Combine(folder, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, graph);
        return catalogs.Transforms.ApplyOnnxModel(outputs, inputs, path).Fit(data);
    }

    /// <summary>Adds a fitted step to those before it.</summary>
    protected static IDataView Add(List<ITransformer> steps, ITransformer step, IDataView data)
    {
        steps.Add(step);
        return step.Transform(data);
    }
}
