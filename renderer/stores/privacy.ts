import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Whether somebody at this screen is being shown who a patient is. */
export const usePrivacy = defineStore('privacy', () => ({ personal: shallowRef(false) }));
