using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SearchSpace;
using Swan.MLNet.AutoML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.AutoML;

public sealed class SwanEstimatorFactoriesTests : IDisposable
{
    // What ML.NET's SearchSpace<T> takes: any other type under [Choice] fails an assertion there.
    private static readonly Type[] Choosable =
    [
        typeof(string), typeof(int), typeof(short), typeof(long), typeof(float), typeof(double), typeof(char),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public SwanEstimatorFactoriesTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Factories_have_the_form_that_AutoML_takes()
    {
        Func<MLContext, SwanEmbeddingStepOptions, IEstimator<ITransformer>> embedding = SwanEstimatorFactories.Embedding;
        Func<MLContext, SwanFeatureStepOptions, IEstimator<ITransformer>> features = SwanEstimatorFactories.Features;
        Func<MLContext, SwanZeroShotStepOptions, IEstimator<ITransformer>> zeroShot = SwanEstimatorFactories.ZeroShot;
        IDataView data = _ml.Data.LoadFromEnumerable(ZeroShotRows.Rows(8));
        var embed = new SwanEmbeddingStepOptions
        {
            ModelPath = _model,
            InputColumnName = "Scene",
            Options = new() { Input = SwanInput.Caption },
        };
        IDataView view = embedding(_ml, embed)
            .Append(features(_ml, new() { Dimensions = 2 }))
            .Append(zeroShot(_ml, new() { ModelPath = _model, Options = ZeroShotRows.Options })).Fit(data).Transform(data);
        Assert.Equal([1u, 2, 3, 4, 1, 2, 3, 4], view.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(2, ((VectorDataViewType)view.Schema["Features"].Type).Size);
    }

    [Fact]
    public void Without_a_path_steps_take_the_model_inside_the_library()
    {
        string image = TinyImages.Write(_folder.FullName, "a.png", 1);
        IDataView data = _ml.Data.LoadFromEnumerable([new { ImagePath = image }]);
        IDataView view = SwanEstimatorFactories.Embedding(_ml, new())
            .Append(SwanEstimatorFactories.ZeroShot(_ml, new() { Options = { Classes = ["river", "forest"] } }))
            .Fit(data)
            .Transform(data);
        Assert.Equal(SwanModel.Default.EmbedImage(image), view.GetColumn<float[]>("Embedding").Single());
        Assert.Equal(1, view.GetColumn<float[]>("Score").Single().Sum(), tolerance: 1e-5f);
    }

    [Theory]
    [InlineData(typeof(SwanEmbeddingStepOptions), "Options.Rotations")]
    [InlineData(typeof(SwanFeatureStepOptions), "Dimensions, Normalization")]
    [InlineData(typeof(SwanZeroShotStepOptions), "Options.Temperature")]
    public void What_changes_the_result_is_annotated_as_ML_NETs_search_space_wants_it(Type options, string swept)
    {
        Assert.NotNull(options.GetConstructor([]));
        Assert.Equal(swept, string.Join(", ", Swept(options, Activator.CreateInstance(options)!)));
    }

    [Fact]
    public void Options_survive_JSON()
    {
        Assert.Equivalent(Embedding, JsonSerializer.Deserialize<SwanEmbeddingStepOptions>(JsonSerializer.Serialize(Embedding)),
            strict: true);
        Assert.Equivalent(Features, JsonSerializer.Deserialize<SwanFeatureStepOptions>(JsonSerializer.Serialize(Features)), strict: true);
        var zeroShot = new SwanZeroShotStepOptions { ModelPath = "a.swan", Options = ZeroShotRows.Options };
        Assert.Equivalent(zeroShot, JsonSerializer.Deserialize<SwanZeroShotStepOptions>(JsonSerializer.Serialize(zeroShot)), strict: true);
        Assert.Contains("\"UnitLength\"", JsonSerializer.Serialize(Features), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(3, 3)]
    [InlineData(6, 6)]
    [InlineData(256, 6)] // longer than the embedding
    public void Features_are_at_most_as_wide_as_asked(int dimensions, int expected)
    {
        foreach (SwanNormalization normalization in Enum.GetValues<SwanNormalization>())
        {
            IEstimator<ITransformer> estimator = SwanEstimatorFactories.Features(
                _ml, new() { Dimensions = dimensions, Normalization = normalization });
            IDataView data = _ml.Data.LoadFromEnumerable(ZeroShotRows.Rows(40));
            Assert.True(ColumnShapes.Find(estimator.GetOutputSchema(ColumnShapes.Create(data.Schema)),
                "Features") is { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false });
            float[][] features = [.. estimator.Fit(data).Transform(data).GetColumn<float[]>("Features")];
            Assert.All(features, f => Assert.Equal(expected, f.Length));
            if (normalization == SwanNormalization.UnitLength)
                Assert.All(features, f => Assert.Equal(1, f.Sum(v => v * v), tolerance: 1e-4f));
            if (normalization == SwanNormalization.Standard)
            {
                for (int d = 0; d < expected; d++) Assert.Equal(0, features.Average(f => f[d]), tolerance: 1e-4f);
            }
            if (normalization == SwanNormalization.None && dimensions is 0 or 256)
                Assert.Equal(data.GetColumn<float[]>("Embedding"), features);
        }
    }

    [Fact]
    public void Principal_components_keep_the_distances_that_matter()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(ZeroShotRows.Rows(40));
        float[][] full = [.. data.GetColumn<float[]>("Embedding")];
        float[][] reduced =
            [.. SwanEstimatorFactories.Features(_ml, new() { Dimensions = 5 }).Fit(data).Transform(data).GetColumn<float[]>("Features")];
        // Four clusters span three dimensions: five components keep nearly all.
        for (int i = 1; i < 8; i++) Assert.Equal(Distance(full[0], full[i]), Distance(reduced[0], reduced[i]), tolerance: 0.02);
    }

    [Fact]
    public void Faults_are_told_at_once()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => SwanEstimatorFactories.Features(
            _ml, new() { InputColumnName = "", Dimensions = -1, Normalization = (SwanNormalization)9 })).Message;
        Assert.Contains("InputColumnName is empty", message, StringComparison.Ordinal);
        Assert.Contains("Dimensions is -1", message, StringComparison.Ordinal);
        Assert.Contains("Normalization is 9", message, StringComparison.Ordinal);
        IDataView text = _ml.Data.LoadFromEnumerable([new OtherRow()]);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => SwanEstimatorFactories.Features(_ml, new() { InputColumnName = "Elsewhere", Dimensions = 2 }).Fit(text));
    }

    private static SwanEmbeddingStepOptions Embedding => new()
    {
        ModelPath = "a.swan",
        OutputColumnName = "E",
        InputColumnName = "P",
        Options = new() { Rotations = 4, BatchSize = 7, ImageFolder = "images" },
    };

    private static SwanFeatureStepOptions Features =>
        new() { OutputColumnName = "F", InputColumnName = "E", Dimensions = 64, Normalization = SwanNormalization.UnitLength };

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());

    private static IEnumerable<string> Swept(Type type, object defaults, string prefix = "")
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = prefix + property.Name;
            object? value = property.GetValue(defaults);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            {
                Assert.Equal(property.PropertyType, range.Min.GetType());
                Assert.Equal(value, range.Init);
                Assert.InRange((IComparable)value!, (IComparable)range.Min, (IComparable)range.Max);
                yield return name;
            }
            if (property.GetCustomAttribute<ChoiceAttribute>() is { } choice)
            {
                Assert.True(property.PropertyType.IsEnum || Choosable.Contains(property.PropertyType), name);
                Assert.All(choice.Candidates, c => Assert.IsType(property.PropertyType, c));
                // Without a default of its own, the first candidate is the default.
                Assert.Equal(value, choice.DefaultValue ?? choice.Candidates[0]);
                yield return name;
            }
            if (property.GetCustomAttribute<NestOptionAttribute>() is null) continue;
            foreach (string nested in Swept(property.PropertyType, value!, name + ".")) yield return nested;
        }
    }
}
