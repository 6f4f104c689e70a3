using AutoMLPipeline;

namespace Swan.Samples.Tests.AutoMLPipeline;

public sealed class SceneWordsTests
{
    [Theory]
    [InlineData("denseresidential", "dense residential")]
    [InlineData("storagetanks", "storage tanks")]
    [InlineData("airport", "airport")]
    [InlineData("Parking-Lot", "parking lot")]
    public void A_scene_becomes_the_words_that_a_caption_would_use(string scene, string words) =>
        Assert.Equal(words, SceneWords.Describe(scene));

    [Fact]
    public void Images_with_close_numbers_are_neighbors_and_scenes_never_mix()
    {
        Assert.Equal(SceneWords.Neighbors("pond_220.jpg"), SceneWords.Neighbors("pond_229.jpg"));
        Assert.NotEqual(SceneWords.Neighbors("pond_229.jpg"), SceneWords.Neighbors("pond_230.jpg"));
        Assert.NotEqual(SceneWords.Neighbors("pond_22.jpg"), SceneWords.Neighbors("park_22.jpg"));
        Assert.NotEqual(SceneWords.Neighbors("pond_1.jpg"), SceneWords.Neighbors("pond_11.jpg"));
        Assert.Equal("lake", SceneWords.Neighbors("lake.png"));
        Assert.Equal("x99999999999999999999", SceneWords.Neighbors("x99999999999999999999.png"));
    }
}
