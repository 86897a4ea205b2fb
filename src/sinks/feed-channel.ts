/** What both ends of a feed hold: the writer's sink and the program's reader. Apart from both, so that the reader loads no writer. */
export type FeedChannel = InstanceType<typeof BroadcastChannel>;

/** It never keeps the process alive: a channel that is listened to would, where there are processes. */
export function openFeedChannel(id: string): FeedChannel {
  const channel = new BroadcastChannel(id);
  (channel as { unref?: () => void }).unref?.();
  return channel;
}
