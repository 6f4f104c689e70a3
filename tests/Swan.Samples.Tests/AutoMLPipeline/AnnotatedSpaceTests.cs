using System.Text.Json;
using AutoMLPipeline;
using AutoMLPipeline.Search;
using Microsoft.ML.SearchSpace;
using Swan.MLNet.AutoML;

namespace Swan.Samples.Tests.AutoMLPipeline;

public sealed class AnnotatedSpaceTests
{
    [Fact]
    public void The_space_of_a_scene_classifier_is_what_its_annotations_open()
    {
        var space = new AnnotatedSpace<SceneClassifierOptions>(new());
        Assert.Equal(
            [
                "Embedding.Options.Rotations", "Features.Dimensions", "Features.Normalization", "Trainer",
                "MaximumEntropy.L1", "MaximumEntropy.L2", "LightGbm.Leaves", "LightGbm.Rounds", "LightGbm.LearningRate",
            ],
            space.Dimensions.Select(d => d.Path));
    }

    [Fact]
    public void The_default_place_gives_the_defaults()
    {
        var defaults = new SceneClassifierOptions
        {
            Embedding = { ModelPath = "a.swan", Options = { Rotations = 4 } },
            Features = { Dimensions = 64, Normalization = SwanNormalization.Standard },
            Trainer = SceneTrainer.LightGbm,
        };
        var space = new AnnotatedSpace<SceneClassifierOptions>(defaults);
        Assert.Equal(defaults.ToString(), space.At(space.Default).ToString());
        Assert.All(space.Default, p => Assert.InRange(p, 0, 1));
    }

    [Fact]
    public void The_ends_of_every_dimension_are_reached_and_never_passed()
    {
        var space = new AnnotatedSpace<Everything>(new());
        Everything low = space.At([.. space.Dimensions.Select(_ => 0.0)]),
            high = space.At([.. space.Dimensions.Select(_ => Math.BitDecrement(1.0))]);
        Assert.Equivalent(new Everything
        {
            Whole = 2,
            Real = 0.01,
            Single = -1,
            Flag = false,
            Word = "a",
            Inner = new() { Kind = SceneTrainer.MaximumEntropy },
        }, low, strict: true);
        Assert.Equal((9, 100.0, 1f, true, "c", SceneTrainer.LightGbm),
            (high.Whole, Math.Round(high.Real, 9), high.Single, high.Flag, high.Word, high.Inner.Kind));
        Assert.Equal("kept", high.NotSwept);
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            Everything any = space.At([.. space.Dimensions.Select(_ => random.NextDouble())]);
            Assert.InRange(any.Whole, 2, 9);
            Assert.InRange(any.Real, 0.01, 100);
            Assert.InRange(any.Single, -1f, 1f);
        }
    }

    [Fact]
    public void A_logarithmic_range_has_its_middle_where_the_logarithm_has_it()
    {
        var space = new AnnotatedSpace<Everything>(new());
        double[] place = space.Default;
        place[space.Dimensions.ToList().FindIndex(d => d.Path == "Real")] = 0.5;
        Assert.Equal(1, space.At(place).Real, tolerance: 1e-9);
    }

    [Fact]
    public void Candidates_known_only_at_run_time_open_a_setting_or_narrow_one()
    {
        var space = new AnnotatedSpace<SceneClassifierOptions>(new() { Embedding = { ModelPath = "b.swan" } });
        int annotated = space.Dimensions.Count;
        space.Choose("Embedding.ModelPath", "a.swan", "b.swan");
        space.Choose("Embedding.Options.Rotations", 1);
        Assert.Equal(annotated + 1, space.Dimensions.Count);
        Assert.Equal("b.swan", space.At(space.Default).Embedding.ModelPath);
        var random = new Random(1);
        SceneClassifierOptions[] some =
            [.. Enumerable.Range(0, 50).Select(_ => space.At([.. space.Dimensions.Select(_ => random.NextDouble())]))];
        Assert.Equal(["a.swan", "b.swan"], some.Select(o => o.Embedding.ModelPath).Distinct().Order());
        Assert.All(some, o => Assert.Equal(1, o.Embedding.Options.Rotations));
        Assert.Throws<ArgumentException>(() => space.Choose("Embedding.Nothing", 1));
    }

    [Fact]
    public void Options_survive_JSON()
    {
        var options = new SceneClassifierOptions
        {
            Embedding = { ModelPath = "a.swan" },
            Features = { Dimensions = 32 },
            Trainer = SceneTrainer.LightGbm,
            LightGbm = { Leaves = 5, LearningRate = 0.3 },
            MaximumEntropy = { L2 = 0.5f },
        };
        Assert.Equivalent(options, JsonSerializer.Deserialize<SceneClassifierOptions>(JsonSerializer.Serialize(options)), strict: true);
    }

    public sealed class Everything
    {
        [Range(2, 9, 5)]
        public int Whole { get; set; } = 5;

        [Range(0.01, 100.0, 1.0, true)]
        public double Real { get; set; } = 1;

        [Range(-1f, 1f, 0f)]
        public float Single { get; set; }

        [BooleanChoice]
        public bool Flag { get; set; } = true;

        [Choice("a", "b", "c")]
        public string Word { get; set; } = "a";

        [NestOption]
        public Nested Inner { get; set; } = new();

        public string NotSwept { get; set; } = "kept";
    }

    public sealed class Nested
    {
        [Choice(SceneTrainer.MaximumEntropy, SceneTrainer.LightGbm)]
        public SceneTrainer Kind { get; set; } = SceneTrainer.MaximumEntropy;
    }
}
