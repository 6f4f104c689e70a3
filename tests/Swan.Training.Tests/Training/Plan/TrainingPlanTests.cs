using System.Globalization;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Training.Plan;

/// <summary>What is trained where nobody says how.</summary>
public sealed class TrainingPlanTests : IDisposable
{
    private static readonly string[] Scenes = ["airport", "beach", "river", "forest"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_weights_a_network_learns_from_scratch_and_none_of_it_is_frozen()
    {
        SwanTrainerOptions options = TrainingPlan.Choose(Set(180), Set(60)).Options;
        Assert.Equal(("small_convnet", SwanTextTower.Gru), (options.Network.Backbone, options.Network.TextTower));
        Assert.False(options.FreezeBackbone || options.FreezeStem || options.FreezeText);
        SwanTrainerOptionsValidation.Check(options);
        SwanTrainerOptionsValidation.CheckStart(options);
    }

    [Fact]
    public void With_weights_of_both_towers_it_is_the_recipe_of_the_repository()
    {
        SwanTrainerOptions recipe = SwanTrainerOptionsJson.Load(
            Path.Combine(Repository.Root, "recipes", "rsicd-compact-5-epochs-three-captions.json"));
        SwanTrainerOptions planned = TrainingPlan.Choose(Set(7739, captions: 5), Set(1089), decided: Pretrained).Options;
        // What concerns a vocabulary of words, and a validation set that is drawn, is not used here.
        Assert.Equal(Pretrained(recipe) with
        {
            KeepStopWords = planned.KeepStopWords,
            MinWordCount = planned.MinWordCount,
            ValidationShare = planned.ValidationShare,
        }, planned);
    }

    [Theory]
    [InlineData("resnet18"), InlineData("efficientnet_lite0"), InlineData("small_convnet")]
    public void The_backbone_is_the_one_that_the_weights_are_of(string backbone)
    {
        string weights = TinyRun.WriteBackbone(
            _folder.File("w.safetensors"), TinyRun.Options.Network with { Backbone = backbone });
        SwanTrainerOptions options = TrainingPlan.Choose(Set(40), null, decided: o => o with { BackboneWeights = weights }).Options;
        Assert.Equal((backbone, true, SwanTextTower.Gru), (options.Network.Backbone, options.FreezeStem, options.Network.TextTower));
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));
    }

    [Fact]
    public void From_a_finished_model_its_network_learns_little_and_slowly()
    {
        string model = _folder.File("model.swan");
        SwanNetworkOptions shape = RandomNetworks.Shapes["minilm"];
        using (SwanNetwork network = RandomNetworks.Create(shape))
        {
            SwanExporter.Export(network, RandomNetworks.Tokenizer(shape), model, new()
            {
                Training = new Dictionary<string, string>(new SwanTrainerOptions { Network = shape }.Describe()),
            });
        }

        TrainingPlan plan = TrainingPlan.Choose(Set(200, captions: 5), null, decided: o => o with { Init = model });
        SwanTrainerOptions options = plan.Options, first = TrainingPlan.Choose(Set(200, captions: 5), null, decided: Pretrained).Options;

        Assert.Equal((model, shape, 12), (options.Init, options.Network, options.MaxWords));
        Assert.Equal((0.1 * first.LearningRate, 0.1 * first.TextLearningRate), (options.LearningRate, options.TextLearningRate));
        Assert.True(options.Epochs < first.Epochs);
        Assert.Equal(BatchNormMode.Eval, options.BatchNormMode);
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));
        Assert.Contains(plan.Lines, l => l.StartsWith("  start: the finished model 'model.swan'; learning rate 0.0001, ",
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20, 60, 16), InlineData(180, 60, 16), InlineData(1000, 60, 64), InlineData(7739, 15, 128), InlineData(100_000, 3, 128)]
    public void Epochs_and_batches_fit_the_number_of_images(int images, int epochs, int batch)
    {
        SwanTrainerOptions options = TrainingPlan.Choose(Set(images), null).Options;
        Assert.Equal((epochs, batch), (options.Epochs, options.BatchSize));
        Assert.True(TrainingPlan.Choose(Set(images), null, onGpu: true).Options.Epochs >= epochs);
    }

    [Fact]
    public void A_scene_loss_is_chosen_only_where_scenes_have_several_images()
    {
        Assert.Equal(0.2, TrainingPlan.Choose(Set(40), null).Options.SceneWeight);
        foreach (Func<int, string> name in (Func<int, string>[])[i => $"{i}.jpg", i => $"one_{i}.jpg", i => $"P{i:D4}_0_0.jpg"])
            Assert.Equal(0, TrainingPlan.Choose(Set(40, name: name), null).Options.SceneWeight);
    }

    [Fact]
    public void Tiles_are_divided_by_their_pictures()
    {
        CaptionedImageSet tiles = Set(30, name: i => $"P{i / 3:D4}_{i}_0.jpg");
        TrainingPlan plan = TrainingPlan.Choose(tiles, null);
        (CaptionedImageSet train, CaptionedImageSet validation) = Splits.Divide(tiles, plan.Options.ValidateBy);
        Assert.Empty(train.Scenes.Intersect(validation.Scenes));
        Assert.Contains(plan.Lines, l => l.Contains("names like 'P0000_0_0.jpg' are of tiles", StringComparison.Ordinal));
        Assert.Equal(SplitRule.Scene, TrainingPlan.Choose(Set(30), null).Options.ValidateBy);
    }

    [Theory]
    [InlineData(null), InlineData("urban")]
    public void Pictures_of_many_tiles_are_no_scenes_and_stay_whole(string? scene)
    {
        CaptionedImageSet tiles = Set(800, name: i => $"P{i / 20:D4}_{i}_0.jpg");
        if (scene is not null)
            tiles = new([.. tiles.Images.Select((image, i) => image with { Scene = i % 3 == 0 ? scene : "rural" })], tiles.Name);
        SwanTrainerOptions options = TrainingPlan.Choose(tiles, null).Options;
        Assert.Equal(scene is null ? 0 : 0.2, options.SceneWeight);
        (CaptionedImageSet train, CaptionedImageSet validation) = Splits.Divide(tiles, options.ValidateBy, options.ValidationShare);
        Assert.Empty(Pictures(train).Intersect(Pictures(validation)));

        static IEnumerable<string> Pictures(CaptionedImageSet set) => set.Images.Select(i => i.FileName[..5]);
    }

    [Fact]
    public void Images_that_a_plan_has_divided_are_not_divided_again()
    {
        CaptionedImageSet set = Set(40), other = Set(40);
        SwanTrainer trainer = TrainingPlan.Choose(set, null).CreateTrainer();
        Assert.Same(trainer.Divided, trainer.Split(set, null));
        Assert.Equal(RunSplit.Create(set, null, trainer.Options).Learned.Images, trainer.Split(set, null).Learned.Images);
        Assert.NotSame(trainer.Divided, trainer.Split(other, null));
        Assert.Same(other, trainer.Split(set, other).Measured);
    }

    [Fact]
    public void Scenes_that_are_held_back_whole_get_no_weight_unless_it_is_decided()
    {
        CaptionedImageSet set = Set(16, name: i => i < 12 ? $"urban_P{i / 6}_{i}.jpg" : $"rural_P2_{i}.jpg");
        // Which group is held back is the seed's; one of them holds the rural images back.
        SwanTrainerOptions[] plans = [.. Enumerable.Range(0, 20).Select(seed => TrainingPlan.Choose(set, null, decided: By(seed)).Options)];
        Assert.Contains(plans, p => p.SceneWeight == 0);
        Assert.All(plans, p => Assert.Equal(p.SceneWeight > 0, RunSplit.Create(set, null, p).Learned.Scenes.Distinct().Count() > 1));
        SwanTrainerOptions decided = TrainingPlan.Choose(set, null,
            decided: o => By(plans.First(p => p.SceneWeight == 0).Seed)(o) with { SceneWeight = 0.3 }).Options;
        Assert.Equal(0.3, decided.SceneWeight);

        static Func<SwanTrainerOptions, SwanTrainerOptions> By(int seed) =>
            o => o with { ValidateBy = SplitRule.Group("_(P[0-9]+)_"), Seed = seed };
    }

    [Fact]
    public void Two_million_images_have_a_share_that_is_accepted()
    {
        var image = new CaptionedImage("a.jpg", "a.jpg", null, []);
        SwanTrainerOptions options = TrainingPlan.Choose(new([.. Enumerable.Repeat(image, 2_000_000)]), null).Options;
        Assert.Equal(0.001, options.ValidationShare);
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));
    }

    [Fact]
    public void Few_captions_keep_words_that_are_seen_once() => Assert.Equal((1, 2), (
        TrainingPlan.Choose(Set(4, captions: 1), null).Options.MinWordCount, TrainingPlan.Choose(Set(1000), null).Options.MinWordCount));

    [Fact]
    public void A_longer_warm_up_that_is_decided_has_the_epochs_that_it_needs()
    {
        SwanTrainerOptions options = TrainingPlan.Choose(Set(100_000), null, decided: o => o with { WarmUpEpochs = 9.5 }).Options;
        Assert.Equal((10, 1), (options.Epochs, options.ValidateEvery));
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));
    }

    [Theory]
    [InlineData("{0}.jpg", "no image has a scene"), InlineData("port_{0}.jpg", "'port' is the only scene")]
    [InlineData("P{0}_0_0.jpg", "names begin with that of a picture"), InlineData("{1}_{0}.jpg", "fewer than 4 images on average")]
    public void A_plan_without_a_scene_loss_says_why(string name, string why)
    {
        string[] words = ["port", "river", "beach", "forest", "airport"];
        CaptionedImageSet set = Set(10, name: i => string.Format(CultureInfo.InvariantCulture, name, i, words[i / 2]));
        Assert.Contains(TrainingPlan.Choose(set, null).Lines, l => l.Contains("without the scene loss, because ", StringComparison.Ordinal)
            && l.Contains(why, StringComparison.Ordinal));
    }

    public static TheoryData<string> Decisions => [.. Decided.Keys];

    private static Dictionary<string, Func<SwanTrainerOptions, SwanTrainerOptions>> Decided { get; } = new()
    {
        ["another loss"] = o => o with { Loss = LossKind.TripletSum },
        ["another optimizer"] = o => o with { Optimizer = OptimizerKind.Adam },
        ["every caption"] = o => o with { Pairs = PairsPerEpoch.AllCaptions },
        ["the paper's augmentation"] = o => o with { Augmentation = AugmentationKind.Paper },
        ["the published variant"] = o => o with { Network = o.Network with { Variant = SwanVariant.Reference } },
        ["one epoch"] = o => o with { Epochs = 1 },
        ["another backbone"] = o => o with { Network = o.Network with { Backbone = "resnet18" } },
        ["no validation"] = o => o with { TrainOnValidation = true },
        ["a share and seed"] = o => o with { ValidationShare = 0.4, Seed = 7 },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void What_is_decided_wins_and_the_rest_fits_it(string decision)
    {
        SwanTrainerOptions options = TrainingPlan.Choose(Set(40), null, decided: Decided[decision]).Options;
        Assert.Equal(options, Decided[decision](options));
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));
    }

    [Fact]
    public void A_frozen_pretrained_backbone_has_no_rate_of_its_own()
    {
        SwanTrainerOptions options = TrainingPlan.Choose(Set(40), null, decided: o => Pretrained(o) with { FreezeBackbone = true }).Options;
        Assert.Equal((null, false), (options.BackboneLearningRate, options.FreezeStem));
        Assert.Empty(SwanTrainerOptionsValidation.Faults(options));
    }

    [Fact]
    public void The_plan_says_what_it_chose_and_how_to_choose_otherwise()
    {
        string text = string.Join('\n', TrainingPlan.Choose(Set(40), null).Lines);
        foreach (string part in (string[])["40 images with 80 captions", "small_convnet at 128 pixels, from scratch",
            "better: --backbone-weights FILE", "gru, from scratch", "info_nce", "4 scenes", "60 epochs", "16 at a time", "on the CPU",
            "20.0 % of the images, divided by 'scene'", "--config FILE", "--config paper"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_planned_network_learns_tiny_data()
    {
        (CaptionedImageSet train, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));
        TrainingPlan plan = TrainingPlan.Choose(train, validation, decided: o => o with
        {
            Epochs = 4, Device = MLNet.SwanDevice.Cpu, Network = o.Network with { ImageSize = 64, EmbeddingSize = 32, SalientChannels = 4 },
        });
        TrainingResult result = TinyRun.Train(plan.Options, (train, validation), _folder.File("run"));
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss);
    }

    private SwanTrainerOptions Pretrained(SwanTrainerOptions o)
    {
        string backbone = _folder.File("lite0.safetensors");
        if (!File.Exists(backbone)) TinyRun.WriteBackbone(backbone, TinyRun.Options.Network with { Backbone = "efficientnet_lite0" });
        return o with { BackboneWeights = backbone, TextWeights = "minilm.safetensors", Vocabulary = "vocab.txt" };
    }

    private static CaptionedImageSet Set(int images, int captions = 2, Func<int, string>? name = null) => new(
        [.. Enumerable.Range(0, images).Select(i => name is null ? $"{Scenes[i % Scenes.Length]}_{i}.jpg" : name(i))
            .Select(file => new CaptionedImage(file, file, CaptionedImage.SceneOf(file), [.. Enumerable.Repeat("a river", captions)]))],
        "train.jsonl");
}
