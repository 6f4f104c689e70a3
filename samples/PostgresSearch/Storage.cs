using Pgvector;

namespace PostgresSearch;

/// <summary>How an embedding is stored, which decides the column's type, the SQL of a score and what is sent to the server.</summary>
internal sealed class Storage
{
    private readonly Func<float[], object> _parameter;

    private Storage(string name, bool needsPgvector, Func<float[], object> parameter) =>
        (Name, NeedsPgvector, _parameter) = (name, needsPgvector, parameter);

    /// <summary>pgvector's float32: 4·D + 8 bytes.</summary>
    public static Storage Vector { get; } = new("vector", true, values => new Vector(values));

    /// <summary>pgvector's float16: 2·D + 8 bytes; scores differ from float32's by less than 0.001.</summary>
    public static Storage Halfvec { get; } = new("halfvec", true, values => new HalfVector(Array.ConvertAll(values, v => (Half)v)));

    /// <summary>PostgreSQL's own <c>real[]</c>, for servers without pgvector: no index, and a score that SQL adds up slowly.</summary>
    public static Storage RealArray { get; } = new("array", false, values => values);

    public static IReadOnlyList<Storage> All { get; } = [Vector, Halfvec, RealArray];

    /// <summary>As <c>create --type</c> takes it.</summary>
    public string Name { get; }

    public bool NeedsPgvector { get; }

    /// <summary>The class of an HNSW index by inner product.</summary>
    public string OperatorClass => $"{Name}_ip_ops";

    /// <summary>
    /// The cosine of the row's embedding and <c>$1</c>: both have unit length, so it is their inner product. pgvector's <c>&lt;#&gt;</c>
    /// is that with the sign turned, because an index gives the smallest first.
    /// </summary>
    public string Score => NeedsPgvector
        ? "-(embedding <#> $1)"
        : "(select sum(a * b) from unnest(embedding, $1) as pair (a, b))::float8";

    /// <summary>
    /// The order of results. HNSW serves the operator alone, ascending, and nothing else: by the score itself, a search is exact whatever
    /// the planner thinks of it, and other indexes still serve its filter.
    /// </summary>
    public string Order(bool exact) => NeedsPgvector && !exact ? "embedding <#> $1" : "score desc";

    /// <summary>The column's type for embeddings of a size.</summary>
    public string ColumnType(int size) => NeedsPgvector ? $"{Name}({size})" : $"real[] check (cardinality(embedding) = {size})";

    /// <summary>What Npgsql sends for an embedding; it must not be changed afterwards.</summary>
    public object Parameter(float[] embedding) => _parameter(embedding);

    /// <summary>The storage of a column whose type the server writes like this.</summary>
    public static Storage? OfColumn(string type) =>
        type == "real[]" ? RealArray : All.FirstOrDefault(s => s.NeedsPgvector && type.StartsWith($"{s.Name}(", StringComparison.Ordinal));
}
