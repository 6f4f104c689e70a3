using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;

namespace Swan.Benchmarks.Commands;

/// <summary>What an evaluation allocates, by the bytes of its embeddings.</summary>
/// <param name="Rows">Images, and captions.</param>
/// <param name="Swan">Of <c>EvaluateRetrieval</c>.</param>
/// <param name="Earlier">Of lists of all values that are copied to arrays, as version 0.1 had them.</param>
internal sealed record EvaluationMemory(int Rows, double Swan, double Earlier)
{
    private const int Count = 20_000;

    public static EvaluationMemory Measure(int dimension)
    {
        var ml = new MLContext(1);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Embedding)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
        IDataView view = ml.Data.LoadFromEnumerable(Make(dimension), schema);
        double bytes = 2.0 * Count * dimension * sizeof(float);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        ml.Swan().EvaluateRetrieval(view, view);
        long swan = GC.GetTotalAllocatedBytes(precise: true) - before;
        before = GC.GetTotalAllocatedBytes(precise: true);
        for (int time = 0; time < 2; time++)
        {
            var all = new List<float>();
            foreach (Row row in Make(dimension)) all.AddRange(row.Embedding);
            _ = all.ToArray();
        }
        return new EvaluationMemory(Count, swan / bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / bytes);
    }

    // One object, again and again: rows themselves take no memory.
    private static IEnumerable<Row> Make(int dimension)
    {
        var row = new Row { Embedding = new float[dimension] };
        for (int i = 0; i < Count; i++)
        {
            row.Embedding[i % dimension] = MathF.Sin(i) + 2;
            row.ImagePath = $"{i}";
            yield return row;
        }
    }

    private sealed class Row
    {
        public float[] Embedding { get; set; } = [];

        public string ImagePath { get; set; } = "";
    }
}
